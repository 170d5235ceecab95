/** What the checks of this phase look at, where their numbers come from, how they degrade. */
import type { Language } from '../ports.ts';

export const softwareDocs = {
  'backup.age': {
    en: 'Age of a backup file, of the newest file of a folder, or of a marker touched after success: warns above 36 hours (clears below 24), fails above 72 (clears below 48), as Netdata for database backups. A file smaller than `min_bytes` fails, as does a missing one. It tells that something was written, not that it can be restored.',
    'zh-CN':
      '备份文件、目录中最新文件，或成功后更新的标记文件的时间：超过 36 小时警告（回到 24 小时以下恢复），超过 72 小时失败（回到 48 小时以下恢复），与 Netdata 对数据库备份的规则相同。文件小于 `min_bytes` 或不存在即失败。它只说明写过文件，不说明文件可以恢复。',
  },
  'cache.memory': {
    en: 'Memory against maxmemory and what the policy makes of it: with noeviction every write fails once it is full; with another policy a full cache is normal and evictions are a warning. Refused writes, evictions and rejected connections (Netdata redis.conf warns at any) are counted between two looks a second apart.',
    'zh-CN':
      '已用内存与 maxmemory 比对，并按淘汰策略判断后果：noeviction 下写满后所有写入都会失败；其他策略下写满属于正常，发生淘汰则警告。被拒绝的写入、淘汰和被拒绝的连接（Netdata redis.conf 只要出现即警告）在相隔一秒的两次查看之间计数。',
  },
  'cache.persistence': {
    en: 'The last snapshot, the last write and rewrite of the append-only file, and on a replica the link to its master (Netdata redis.conf: each failure is critical). After a failed snapshot Redis refuses writes until one succeeds (stop-writes-on-bgsave-error).',
    'zh-CN':
      '最近一次快照、AOF 最近一次写入和重写的结果；在从节点上还包括到主节点的链路（Netdata redis.conf：任何一项失败都属严重）。快照失败后 Redis 拒绝写入，直到下一次快照成功（stop-writes-on-bgsave-error）。',
  },
  'cache.redis': {
    en: 'Logs in and says PING: refused, silent (hung, or busy with one long command), wrong password, no client slot left and loading its data are told apart. A replica where the master should be is a warning: it takes no writes. Without a password that the server asks for it is unknown.',
    'zh-CN':
      '登录并发送 PING：能区分拒绝连接、无应答（挂起，或正忙于一条耗时命令）、密码错误、客户端连接数已满和正在加载数据。本应是主节点却是从节点时警告：它不接受写入。服务器要求密码而没有给出密码时结果未知。',
  },
  'cache.slow': {
    en: 'Commands of the slow log since the window began: Redis runs one command at a time, so a long one (KEYS, a big range, a script) stops every client. Warn above 100 ms, fail above 1 s (own). Only names of commands are kept. A server that keeps no slow log is unknown.',
    'zh-CN':
      '窗口开始以来慢日志中的命令：Redis 同一时刻只执行一条命令，一条耗时命令（KEYS、大范围查询、脚本）会阻塞所有客户端。超过 100 毫秒警告，超过 1 秒失败（自定）。只保留命令名称。服务器没有开启慢日志时结果未知。',
  },
  'certificates.all': {
    en: 'The certificates that no port serves: those we show, sign or encrypt with, chains, and platform certificates of partners (profile: certificates). Dates of every certificate in each file, the key that belongs to it (public halves compared by openssl; the private key never leaves it), and the number that the partner knows it by. PEM, DER and PKCS#12. Warns below 30 days and fails below 7; a certificate that lives no longer than 47 days below a third and a sixth of its life. A file that may not be read is unknown, once nothing else is wrong.',
    'zh-CN':
      '不由任何端口提供的证书：我方用于出示、签名或加密的证书，证书链，以及合作方的平台证书（站点档案的 certificates）。检查每个文件中每张证书的有效期、与之配对的密钥（由 openssl 比对公钥部分；私钥不会离开文件），以及对方登记的序列号。支持 PEM、DER 和 PKCS#12。剩余不足 30 天警告，不足 7 天失败；有效期不超过 47 天的证书，剩余不足三分之一警告，不足六分之一失败。其他都正常而有文件无权读取时，结果未知。',
  },
  'config.keys': {
    en: 'Looks whether the required keys stand in a settings file and are not empty; where they do not, also for an earlier copy beside it in which they do. Values never leave the files.',
    'zh-CN': '检查配置文件中必需的键是否存在且不为空；缺少时，还会在旁边查找含有这些键的较早副本。键的值不会离开文件。',
  },
  'config.test': {
    en: "Runs the program's own configuration test; any exit code but 0 is a broken configuration. A test that fails for want of permission is unknown.",
    'zh-CN': '执行程序自带的配置检查；退出码不为 0 即配置有误。因权限不足而无法检查时结果未知。',
  },
  'container.state': {
    en: 'Containers of docker, else podman: one that is unhealthy, restarting, dead, was killed for lack of memory, or ended with an error warns (Netdata docker.conf), and so does one with more than two restarts that has run for less than 10 minutes (own); a declared one that does not run, is unhealthy or keeps restarting fails. One that ended with 0 and was not declared has done its work. Without access to the engine the answer is unknown; podman shows the containers of the present user only. Not-applicable without an engine.',
    'zh-CN':
      'docker 的容器，没有 docker 则看 podman：不健康、反复重启、已死、因内存不足被终止或出错结束的容器警告（Netdata docker.conf），重启超过两次且运行不足 10 分钟的也警告（自定）；已声明的容器没有运行、不健康或反复重启则失败。以 0 结束且未声明的容器视为已完成工作。无权访问容器引擎时结果未知；podman 只显示当前用户的容器。没有容器引擎时不适用。',
  },
  'cron.age': {
    en: 'Time since a scheduled job last succeeded, from the change time of the marker it leaves: warns above 1.5 times its interval, fails above 3 times (the ratio of Netdata for daily backups). A missing marker fails. The marker must be written after success only; the start of a job tells nothing.',
    'zh-CN':
      '定时任务上次成功以来的时间，取自其标记文件的变更时间：超过间隔的 1.5 倍警告，超过 3 倍失败（比例取自 Netdata 对每日备份的规则）。没有标记文件即失败。标记必须只在成功后写入；任务启动不说明任何问题。',
  },
  'db.connections': {
    en: 'Connections in use against what ordinary logins may have, and who holds them, by application, user, client and state; and which of them somebody took out of a pool and did not give back. A server that refuses us because it is full is a finding, not a lost probe. Without pg_monitor (PostgreSQL) or PROCESS (MySQL) the states of others are hidden.',
    'zh-CN':
      '已用连接数与普通账号可用连接数的比较，以及由谁占用：按应用、用户、客户端和状态统计；还有哪些连接从连接池取出后没有归还。服务器因连接已满而拒绝我们，是一项发现，而不是探测失败。没有 pg_monitor（PostgreSQL）或 PROCESS（MySQL）权限时看不到其他会话的状态。',
  },
  'db.locks': {
    en: 'Sessions that wait for a lock, for how long, and the session at the root of the chain: its user, application, age and query without its values. A prepared transaction can be that root as well. Deadlocks are counted twice, a second apart. Short waits are normal; a wait beyond deadlock_timeout is worth knowing, one of 10 s outlives most payments. MySQL needs PROCESS; on PostgreSQL names need pg_monitor, the waits themselves do not.',
    'zh-CN':
      '等待锁的会话、等待时长，以及处于阻塞链源头的会话：其用户、应用、持续时间和去除取值的语句。已准备的事务也可能是源头。死锁在相隔一秒的两次查看之间计数。短暂等待属正常；超过 deadlock_timeout 的等待值得了解，10 秒的等待已超过多数支付的时限。MySQL 需要 PROCESS；PostgreSQL 上看名称需要 pg_monitor，看等待本身不需要。',
  },
  'db.long_transactions': {
    en: 'Transactions that are open and idle: the application began one and waits for something else, while its locks stay. Judged is the longest time since such a transaction last did something. So is a transaction that was prepared for a two-phase commit and forgotten. An active transaction is a warning after an hour. Needs pg_monitor (PostgreSQL) or PROCESS (MySQL) to see those of others.',
    'zh-CN':
      '已打开但空闲的事务：应用开启了事务却在等待别的事，锁一直被占用。判断的是这类事务距上次活动的最长时间。为两阶段提交准备后被遗忘的事务同样计入。活动事务超过一小时警告。查看其他会话需要 pg_monitor（PostgreSQL）或 PROCESS（MySQL）。',
  },
  'db.mysql': {
    en: 'Logs in and asks one question, as mysqladmin ping does with a password: refused, silent (hung), wrong password, no such database and no connection left are told apart. One session that reads and leaves; without a login it is unknown.',
    'zh-CN':
      '登录并执行一条查询，相当于带密码的 mysqladmin ping：能区分拒绝连接、无应答（挂起）、密码错误、数据库不存在和连接已满。只用一个会话，读完即退出；没有登录信息时结果未知。',
  },
  'db.pg': {
    en: 'Logs in and asks one question, as pg_isready and psql do together: refused, silent (hung), wrong password, no such database, no connection left, starting up and standby are told apart. One session that reads and leaves; without a login it is unknown. PgBouncer in between is fine.',
    'zh-CN':
      '登录并执行一条查询，相当于 pg_isready 加 psql：能区分拒绝连接、无应答（挂起）、密码错误、数据库不存在、连接已满、正在启动和备库。只用一个会话，读完即退出；没有登录信息时结果未知。中间可以有 PgBouncer。',
  },
  'db.pool': {
    en: "The application's own pool, as against the server's limit (db.connections): connections of one user, application and client that run a statement or sit in a transaction, against `pool.max` of the profile; or the application's own figures at `pool.metric`. What holds them: idle in transaction for over a minute is a leak, for less a call to somebody else meanwhile, active a slow statement or a lock. Warn above 80 %, fail above 90 % (own). Idle connections are free as far as the server sees.",
    'zh-CN':
      '应用自己的连接池，区别于服务器的上限（db.connections）：同一用户、应用和客户端中正在执行语句或处于事务中的连接数，与站点档案的 `pool.max` 比较；或读取 `pool.metric` 处应用自己的数值。占用原因：事务空闲超过一分钟属于泄漏，不足一分钟是期间在调用他方，活动的则是慢语句或锁。超过 80 % 警告，超过 90 % 失败（自定）。空闲连接在服务器看来就是可用的。',
  },
  'db.readonly': {
    en: 'Is the server the writable one it should be? PostgreSQL: in recovery (a standby, or a primary that a failover demoted) or default_transaction_read_only; MySQL: read_only, super_read_only, innodb_read_only. Nothing is written. With `role: standby` a server that takes writes is the finding (two primaries).',
    'zh-CN':
      '该服务器是否如预期可写？PostgreSQL：处于恢复状态（备库，或故障切换后降级的主库），或 default_transaction_read_only；MySQL：read_only、super_read_only、innodb_read_only。不写入任何内容。设 `role: standby` 时，可写的服务器才是问题（双主）。',
  },
  'db.replication': {
    en: 'On a primary: every follower with its state and lag, those that should be there and are not, and a synchronous standby that commits wait for in vain. Replication slots that nobody reads and that keep over 1 GiB of log (own) warn. On a standby: whether it receives and how far behind it is. PostgreSQL needs pg_monitor to see states and lag, MySQL REPLICATION CLIENT and PROCESS. A server without followers of which none are named is not-applicable.',
    'zh-CN':
      '在主库上：每个从库的状态和延迟、应有而缺失的从库，以及让提交一直空等的同步备库。无人读取且保留日志超过 1 GiB 的复制槽警告（自定）。在备库上：是否在接收，落后多少。PostgreSQL 需要 pg_monitor 才能看到状态和延迟，MySQL 需要 REPLICATION CLIENT 和 PROCESS。没有从库且未声明从库的服务器不适用。',
  },
  'db.sequences': {
    en: 'How much of the range of each sequence or AUTO_INCREMENT column is used up: once int4 is full at 2147483647, every insert fails. A bigint sequence that fills an integer column ends where the column does. Sequences that cycle are left out. PostgreSQL shows values of sequences one may read (pg_read_all_data); MySQL shows tables one has any right on.',
    'zh-CN':
      '每个序列或 AUTO_INCREMENT 列的取值范围已用多少：int4 用到 2147483647 后，所有插入都会失败。bigint 序列填充 integer 列时以列的上限为准。循环使用的序列不计。PostgreSQL 只显示有权读取的序列（pg_read_all_data）；MySQL 显示有任一权限的表。',
  },
  'db.slow_statements': {
    en: 'What runs now and for how long, with what it waits for, and where the time went (pg_stat_statements, performance_schema) when that is there. Texts are kept without their values. Maintenance (VACUUM, CREATE INDEX, COPY, backups) is never more than a warning. Needs pg_monitor (PostgreSQL) or PROCESS (MySQL) to see the statements of others.',
    'zh-CN':
      '当前执行的语句、已执行多久、在等什么；有统计时（pg_stat_statements、performance_schema）还说明时间花在哪里。语句只保留去除取值的文本。维护操作（VACUUM、CREATE INDEX、COPY、备份）最多只警告。查看其他会话的语句需要 pg_monitor（PostgreSQL）或 PROCESS（MySQL）。',
  },
  'db.wraparound': {
    en: 'Age of the oldest transaction id of every database against the 2^31 there are; PostgreSQL takes no more writes when they run out. Also what holds vacuum back: an old session, a forgotten prepared transaction, a replication slot. Warn above 90 % (Netdata), fail above 98 % (where PostgreSQL begins to warn). MySQL and MariaDB have no such limit: not-applicable.',
    'zh-CN':
      '每个数据库最老事务 id 的年龄与上限 2^31 的比较；用尽后 PostgreSQL 不再接受写入。同时指出阻碍 vacuum 的原因：过老的会话、被遗忘的已准备事务、复制槽。超过 90 % 警告（Netdata），超过 98 % 失败（PostgreSQL 自己开始告警处）。MySQL 和 MariaDB 没有此限制：不适用。',
  },
  'fd.process': {
    en: 'Open files and connections of each process against its own soft limit (/proc/PID/fd and limits): warns above 95 % (Netdata file_descriptors.conf, clears below 85 %), fails above 99 % (own): the next accept or open answers "too many open files". Those of other users can be counted by root only: when one of the processes looked at is hidden and no other is near its limit, the answer is unknown.',
    'zh-CN':
      '每个进程打开的文件和连接数与其自身软限制的比较（/proc/PID/fd 和 limits）：超过 95 % 警告（Netdata file_descriptors.conf，回到 85 % 以下恢复），超过 99 % 失败（自定）：下一次 accept 或 open 会得到 "too many open files"。其他用户的进程只有 root 能统计：所查进程中有看不到的、而其余都不接近上限时，结果未知。',
  },
  'file.access': {
    en: 'Works out from owner, group and mode of a path and of every folder above it whether an account can use it, without acting as that account. Access lists (ACL), capabilities and read-only mounts are not looked at.',
    'zh-CN':
      '根据路径及其各级上层目录的属主、属组和权限，推算某账号能否使用该路径，不会以该账号身份操作。不考虑访问控制列表（ACL）、capability 和只读挂载。',
  },
  'file.checksum': {
    en: 'Compares files with the SHA-256 sums of a manifest (sha256sum or BSD style) written when they were good, and names those that differ or are gone, and a copy beside them that is good.',
    'zh-CN': '把文件与其正常时写下的清单（sha256sum 或 BSD 格式）中的 SHA-256 比对，列出不一致或缺失的文件，以及旁边完好的副本。',
  },
  'file.value': {
    en: 'Compares a value in a file, or printed by a command (standard output, else standard error), with what is wanted: the deployed version, a limit, a mode.',
    'zh-CN': '把文件中的取值，或命令打印的取值（标准输出，没有则取标准错误）与期望值比较：部署版本、限额、模式等。',
  },
  'kernel.param': {
    en: 'A kernel parameter (sysctl, read from /proc/sys) against the value or range that the playbook or the site wants; anything else fails, as does a parameter that does not exist. Not-applicable without `name`. A name with dots inside an interface is written with slashes (net/ipv4/conf/eth0.100/rp_filter). Some are hidden inside a container.',
    'zh-CN':
      '内核参数（sysctl，读自 /proc/sys）与剧本或站点要求的值或范围比较；不符或参数不存在即失败。没有 `name` 时不适用。接口名中含点时用斜杠写（net/ipv4/conf/eth0.100/rp_filter）。有些参数在容器内看不到。',
  },
  'lb.haproxy': {
    en: 'Servers and backends that HAProxy holds for down, from its statistics (CSV page at `url`, or `socket` through socat): any that is down fails, as Netdata haproxy.conf. Servers in maintenance or draining were taken out on purpose and are passed over. Not-applicable without `url` or `socket`; a page that does not answer is unknown, since HAProxy may serve all the same.',
    'zh-CN':
      'HAProxy 认为已宕机的服务器和后端，取自其统计（`url` 的 CSV 页面，或经 socat 读 `socket`）：有宕机的即失败，同 Netdata haproxy.conf。处于维护或排空状态的服务器是有意摘除的，不计。没有 `url` 或 `socket` 时不适用；统计页无应答时结果未知，因为 HAProxy 可能仍在正常服务。',
  },
  'mount.opts': {
    en: 'Is something mounted at a mount point, of the wanted type and source, with the wanted options and without the forbidden ones? Read from /proc/self/mountinfo, which never blocks, options of the mount and of its file system together. A data folder whose mount is missing fills the root disk and looks empty. What a mount covers is not seen. Whether it answers is told by fs.hung.',
    'zh-CN':
      '某挂载点上是否有挂载，类型和来源是否符合要求，选项是否包含要求的、不包含禁止的？读自 /proc/self/mountinfo，不会阻塞，挂载选项与文件系统选项合并判断。数据目录没有挂载时会写满根盘，看上去却是空的。被挂载遮住的内容看不到。是否有应答由 fs.hung 判断。',
  },
  'mq.depth': {
    en: 'Messages of each queue against its limit (rabbitmqctl list_queues; dspmq and runmqsc of IBM MQ): above 80 % warns, above 90 % fails (Netdata mq.conf), as does a broker or queue manager that does not run; the log of an IBM MQ queue manager (LOGUTIL, 9.1 and later) by the same bounds. Messages that nobody reads warn (own). A RabbitMQ queue without a limit is held against `full`. rabbitmqctl wants root or the user rabbitmq, runmqsc the group mqm; unknown without.',
    'zh-CN':
      '每个队列的消息数与其上限的比较（rabbitmqctl list_queues；IBM MQ 用 dspmq 和 runmqsc）：超过 80 % 警告，超过 90 % 失败（Netdata mq.conf），代理或队列管理器没有运行也失败；IBM MQ 队列管理器的日志（LOGUTIL，9.1 及以后）用同样的界限。无人读取的消息警告（自定）。没有上限的 RabbitMQ 队列与 `full` 比较。rabbitmqctl 需要 root 或用户 rabbitmq，runmqsc 需要 mqm 组；没有权限时结果未知。',
  },
  'pkg.version': {
    en: 'Is a package installed, and in the wanted version (dpkg-query, else rpm)? A missing package or another version fails. `want` is the whole version or its beginning up to a dot, dash, plus or tilde; an epoch may be left out. It tells what is installed, not what runs: a service that was not restarted still runs the old one. Unknown where there is neither dpkg nor rpm.',
    'zh-CN':
      '软件包是否已安装、版本是否符合（dpkg-query，没有则 rpm）？未安装或版本不同即失败。`want` 是完整版本，或到某个点、横线、加号或波浪号为止的开头；epoch 可省略。它只说明安装了什么，不说明运行的是什么：没有重启的服务仍在运行旧版本。既没有 dpkg 也没有 rpm 时结果未知。',
  },
  'port.backlog': {
    en: 'Connections that wait to be accepted against the length the program asked for, by ss; and the overflows of all listeners of the host over one second. A full queue is a program that accepts too slowly or not at all. Without ss the length is not known; then only an empty queue or overflows can be judged.',
    'zh-CN':
      '由 ss 得到的、等待被接受的连接数与程序所申请队列长度的比较；以及一秒内本机所有监听端口的溢出次数。队列已满说明程序接受连接太慢或完全不接受。没有 ss 时长度未知，只能判断队列为空或溢出。',
  },
  'port.listen': {
    en: 'Reads the kernel tables of listening TCP sockets, or of bound UDP sockets with `protocol: udp`. A port that nothing holds fails, as does one that another program holds (host check of Replicated troubleshoot). Who owns a socket of another user can be told only by root; without it the owner is left unjudged. With `runs_as`, where nothing holds a port, it says on which ports that process listens instead: a wrong setting and not a process that is down.',
    'zh-CN':
      '读取内核中监听的 TCP 套接字表，给出 `protocol: udp` 时读取已绑定的 UDP 套接字。无人监听的端口失败，被其他程序占用的也失败（Replicated troubleshoot 的主机检查）。其他用户的套接字属于谁只有 root 能看到；没有 root 时不判断属主。给出 `runs_as` 时，若端口无人监听，则说明该进程改为监听哪些端口：这是配置错误，不是进程未运行。',
  },
  'proc.dstate': {
    en: 'Processes that wait uninterruptibly (state D of /proc/PID/stat) in two samples one second apart, without a tick of work in between: any warns (own rule). They wait for a disk, a network file system or a driver, cannot be killed, and hold what they hold; fs.hung and disk.io say what they wait for. With `process` only those of that name count. Where /proc hides the processes of others (hidepid), none seen is unknown. Never fails.',
    'zh-CN':
      '相隔一秒的两次抽样中都处于不可中断等待（/proc/PID/stat 的 D 状态）、且期间没有做任何工作的进程：有即警告（自定规则）。它们在等磁盘、网络文件系统或驱动，无法杀死，占用的资源也不释放；在等什么由 fs.hung 和 disk.io 说明。给出 `process` 时只计该名称的进程。/proc 隐藏其他用户的进程时（hidepid），没有看到算未知。不会失败。',
  },
  'proc.match': {
    en: 'Looks for processes by their kernel name, program, script (of node, python, java -jar, ...) or title, never by a mention in their arguments. Counts, states, user, age, and open files and threads against their limits. Open files of other users need root; without it they stay unknown and are not judged.',
    'zh-CN':
      '按内核名称、程序、脚本（node、python、java -jar 等所运行的）或标题查找进程，绝不按参数中提到的内容查找。统计数量、状态、用户、运行时间，以及打开文件和线程与上限的比较。其他用户进程的打开文件需要 root；没有 root 时为未知，不判断。',
  },
  'proc.throttled': {
    en: 'Reads the control groups for processor time over the processes of that name (/proc/PID/cgroup, then cpu.max or cpu.cfs_quota_us and cpu.stat, both versions), twice within a second. Above 25 % of the stretches in which a group was stopped for having used up its quota it warns (Kubernetes mixin CPUThrottlingHigh), above 75 % it fails (own). A group so tight slows every request while the host itself looks idle. The quota of the whole container is judged by cpu.util.',
    'zh-CN':
      '读取该名称进程所在的各层 CPU 控制组（/proc/PID/cgroup，然后是 cpu.max 或 cpu.cfs_quota_us 以及 cpu.stat，两个版本均可），一秒内读取两次。控制组因用完配额而被限流的周期超过 25 % 时警告（Kubernetes mixin CPUThrottlingHigh），超过 75 % 时失败（自定）。配额过紧时每个请求都会变慢，而主机本身看起来空闲。整个容器的配额由 cpu.util 判断。',
  },
  'proc.zombies': {
    en: 'Counts zombies (dead children nobody collected) by parent: warns from 5 on, fails from 1000 on, our own numbers. With `parent` only the zombies of processes of that name count. Where /proc hides the processes of others (hidepid), none seen is unknown.',
    'zh-CN':
      '按父进程统计僵尸进程（已结束但没有被回收的子进程）：5 个起警告，1000 个起失败，数值自定。给出 `parent` 时只计该名称进程的僵尸。/proc 隐藏其他用户的进程时（hidepid），没有看到算未知。',
  },
  'svc.failed': {
    en: 'Units of systemd that have failed (systemctl list-units --failed), or programs of supervisord that ended and were not started again (FATAL, BACKOFF), of the whole machine: any warns (Netdata systemdunits.conf). svc.unit judges the one that matters. Not-applicable where neither manager runs; without permission to ask it is unknown.',
    'zh-CN':
      '全机处于失败状态的 systemd unit（systemctl list-units --failed），或 supervisord 中结束后没有重新启动的程序（FATAL、BACKOFF）：有即警告（Netdata systemdunits.conf）。具体某个 unit 由 svc.unit 判断。两种管理器都没有运行时不适用；无权询问时结果未知。',
  },
  'svc.output': {
    en: 'What a unit that does not run, or that started within the last 30 seconds, printed last (supervisorctl tail, stderr before stdout; journalctl of the unit): a program that dies while it starts says why there and not in its own log. Counts the lines that match each pattern. A unit that has been up for longer is not asked: its output is of another hour.',
    'zh-CN':
      '没有运行的 unit，或最近 30 秒内启动的 unit 最后打印的内容（supervisorctl tail，先标准错误后标准输出；该 unit 的 journalctl）：启动时就退出的程序把原因写在那里，而不是写在自己的日志里。统计匹配各模式的行数。运行更久的 unit 不询问：它的输出属于别的时刻。',
  },
  'svc.unit': {
    en: 'State of a systemd unit, or of a supervisor program where systemd does not run the machine (/run/systemd/system). More than two restarts within five minutes are a crash loop (NodeSystemdServiceCrashlooping of the Prometheus node mixin), counted in the journal; where it may not be read, three restarts since the unit was loaded, unless it has been up for 10 minutes since. Without either manager it is unknown, or, where `process` names the process, that is looked for as proc.match does, and said.',
    'zh-CN':
      'systemd unit 的状态；机器不由 systemd 管理时（/run/systemd/system）为 supervisor 程序的状态。五分钟内重启超过两次算崩溃循环（Prometheus node mixin 的 NodeSystemdServiceCrashlooping），由 journal 统计；不能读 journal 时，以加载以来重启三次计，此后已运行 10 分钟的除外。两种管理器都没有时结果未知；若 `process` 写了进程名，则按 proc.match 的方式查找并说明。',
  },
  'time.tz': {
    en: 'Time zone of the host (/etc/localtime, else /etc/timezone) against `zone`, UTC unless declared: another one warns, as the host check of Replicated troubleshoot. Cut-offs, settlement days and log times go wrong by whole hours. A copied zone file without a name is told only by its offset. A program may have a zone of its own (TZ).',
    'zh-CN':
      '主机的时区（/etc/localtime，没有则 /etc/timezone）与 `zone` 比较，未声明时为 UTC：不同则警告，同 Replicated troubleshoot 的主机检查。日切、结算日和日志时间会错整小时。没有名称的时区文件副本只能看出偏移。程序可以有自己的时区（TZ）。',
  },
  'tls.file': {
    en: 'Dates of the first certificate of a PEM or DER file (warn below 14 days, fail below 7, Netdata x509check.conf); with `served_at` also whether the service has loaded it: a renewed file that waits for a reload fails, a file older than what is served warns.',
    'zh-CN':
      'PEM 或 DER 文件中第一张证书的有效期（不足 14 天警告，不足 7 天失败，Netdata x509check.conf）；给出 `served_at` 时还检查服务是否已加载它：已更新但尚未重新加载的文件失败，比正在提供的更旧的文件警告。',
  },
  'tls.keypair': {
    en: 'Does a private key belong to a certificate file? Both are given to openssl, which prints public keys only; the private key never leaves it. A key of another certificate, swapped files, an encrypted key (a service cannot ask for its passphrase at start) and missing files fail, the outcomes of Replicated troubleshoot certificate.yaml. A key that may not be read is unknown.',
    'zh-CN':
      '私钥与证书文件是否配对？两者都交给 openssl，它只打印公钥；私钥不会离开文件。属于另一张证书的密钥、两个文件放反、加密的密钥（服务启动时无法询问口令）和文件缺失即失败，结果分类同 Replicated troubleshoot certificate.yaml。无权读取的密钥结果未知。',
  },
  'user.exists': {
    en: 'Does an account exist, with the uid, groups, shell and home that are wanted? Asks as programs do (getent passwd, id), so accounts of a directory server count. A missing account or another property fails. When the directory server does not answer, getent says the same as for no such account: check its service too.',
    'zh-CN':
      '账号是否存在，uid、组、shell 和主目录是否符合要求？查询方式与程序相同（getent passwd、id），因此目录服务器中的账号也算。账号不存在或属性不同即失败。目录服务器无应答时，getent 的回答与没有该账号相同：请同时检查目录服务。',
  },
  'web.upstreams': {
    en: 'Reads the whole configuration of nginx as nginx itself reads it (nginx -T), finds the groups (upstream) and addresses that requests are passed to, and opens a connection to each server that is not marked down. A target of which no server can be reached, or all are marked down, fails; one of several that cannot be reached warns, as does a configuration that was changed after the running workers started, since what runs may then be another (own rules). Targets with variables are counted and not asked; a group that nothing uses is not judged. Wants the permissions of nginx -t (root, where it reads private keys). Not-applicable without nginx; of Apache only config.test tells something.',
    'zh-CN':
      '按 nginx 自己的方式读取全部配置（nginx -T），找出请求被转发到的组（upstream）和地址，并对每个没有标记为 down 的服务器建立连接。某个目标的服务器全部连不上或全部标记为 down 即失败；几台中有一台连不上则警告，工作进程启动后配置被改过也警告，因为正在运行的可能是另一份（自定规则）。含变量的目标只计数、不探测；没有被引用的组不判断。需要与 nginx -t 相同的权限（要读私钥时为 root）。没有 nginx 时不适用；Apache 只有 config.test 能检查。',
  },
} satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;
