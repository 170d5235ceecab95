/** What the checks of this phase look at, where their numbers come from, how they degrade. */
import type { Language } from '../ports.ts';

export const evidenceDocs = {
  'amount.recompute': {
    en: 'Computes the amount of every order again, in whole minor units of its currency (ISO 4217: 0, 2, 3 or 4 decimals): parts against the total, and the order against what was charged. Names the fault by what it leaves behind: a factor of 10, 100 or 1000 (`scaled`, or `exponent` where the currency has not two decimals), another `currency`, `float` noise (19.989999999999998) and floats cut off (19.99 charged as 19.98), parts that do not add up (`arithmetic`), one minor unit of `rounding`. Any of them fails; rounding and digits finer than the currency warn. Tables are CSV of any delimiter or JSON lines, as exports and bills have them.',
    'zh-CN':
      '按币种的最小货币单位（整数；ISO 4217：0、2、3 或 4 位小数）重新计算每笔订单的金额：各部分之和与总额比对，订单与实际扣款比对。根据留下的痕迹说出错误的种类：差 10、100 或 1000 倍（`scaled`；币种不是两位小数时为 `exponent`）、币种错误 `currency`、浮点噪声 `float`（19.989999999999998）和被截断的浮点数（19.99 扣成 19.98）、各部分加不拢（`arithmetic`）、差一个最小单位的舍入 `rounding`。出现任何一种即失败；舍入和超出币种精度的位数只警告。表格可以是任意分隔符的 CSV 或 JSON 行，与导出文件和账单一致。',
  },
  'change.config': {
    en: 'Files under the declared paths whose content, owner, mode or name changed within a day or `within`, by their change time, which a copy with an old date cannot hide (find -cmin, one file system, in a child). Any change warns (own rule). Nothing seen and something unreadable is unknown. A restored backup or a package upgrade shows too: see change.packages. A removed file leaves no trace.',
    'zh-CN':
      '所声明路径下，一天内（或 `within` 内）内容、属主、权限或名称发生变化的文件；依据 inode 变更时间，复制时保留旧日期也瞒不过（find -cmin，限同一文件系统，在子进程中执行）。有任何变化即警告（自定规则）。没有看到变化但有内容无法读取时结果未知。恢复备份或升级软件包也会显示出来，参见 change.packages。被删除的文件不留痕迹。',
  },
  'change.packages': {
    en: 'Packages installed, upgraded or removed within a day or `within` (dpkg log and its rotated file; install times of rpm, which forgets what was removed). Any change warns: an incident often begins with one (own rule). Works without privileges. Not-applicable where neither dpkg nor rpm is used; a dpkg without a log is unknown.',
    'zh-CN':
      '一天内（或 `within` 内）安装、升级或删除的软件包（dpkg 日志及其轮转文件；rpm 的安装时间，rpm 不记录已删除的软件包）。有任何变化即警告：故障常由变更引起（自定规则）。不需要特权。既不用 dpkg 也不用 rpm 时不适用；有 dpkg 但没有日志时结果未知。',
  },
  'change.snapshot': {
    en: 'Compares this machine with a snapshot of a healthy day (oor check --snapshot): packages, configuration, services, units, listeners, routes, resolvers, certificates, names, versions, kernel parameters, scheduled jobs, accounts, mounts. A change is worth knowing and no fault: warn. What either look could not see is never a change. Without a snapshot not-applicable.',
    'zh-CN':
      '把本机与正常日的快照（oor check --snapshot）比较：软件包、配置、服务、unit、监听端口、路由、解析器、证书、域名、版本、内核参数、定时任务、账号、挂载。变化值得了解，但不是故障：只警告。任何一次没有看到的内容都不算变化。没有快照时不适用。',
  },
  'core.dumps': {
    en: "Core dumps within a day or `within`: coredumpctl, /var/crash, and the folder that kernel.core_pattern names. One is enough to warn (own number; node-problem-detector has the idea). Not-applicable where nothing keeps dumps. Other users' dumps of systemd-coredump are seen only by root and the group systemd-journal.",
    'zh-CN':
      '一天内（或 `within` 内）的崩溃转储：coredumpctl、/var/crash，以及 kernel.core_pattern 指定的目录。有一个即警告（数值自定；思路来自 node-problem-detector）。没有任何地方保存转储时不适用。systemd-coredump 中其他用户的转储只有 root 和 systemd-journal 组成员能看到。',
  },
  'customer.impact': {
    en: 'Counts in a payment log since --since whose payments failed for a reason that is not their own, how often each tried until it worked, who got through and after how long, who did not, and who may have paid twice (paid another order after one of unknown outcome; needs order_no). Declines, limits, risk control and announced pauses are not counted, as in provider.codes. By the field customer of the mapping (null, guest, 0 and the like are nobody); by order_no on lines that name no customer, which sees a new order as a new customer. Unknown where no code, or less than half of them and no failure, is understood. Any warns (own rule): it is a number for the review, for compensation and for a regulator, and no fault of its own. No customer is named.',
    'zh-CN':
      '自 --since 起在支付日志中统计：哪些客户因非自身原因支付失败，各自试了几次才成功，谁在多久之后成功，谁始终未成功，谁可能重复支付（一笔订单结果未知之后，另一笔订单付成功；需要 order_no）。拒付、限额、风控和公告的停服不计入，同 provider.codes。按映射的 customer 字段统计（null、guest、0 等视为无客户）；没有客户的行按 order_no，此时新订单会被当成新客户。应答码全部无法识别，或不足一半可识别且未见失败时，结果为未知。有人受影响即告警（自定规则）：它是复盘、补偿与监管报告所需的数字，本身不是故障。不列出任何客户。',
  },
  'host.identity': {
    en: 'Name, operating system, kernel, processor, memory, hints of a virtual machine or a container and the limits of its control group, for the record. Always ok. Sources of virtualization disagree (systemd-detect-virt says docker on some small VMs), so each is reported as it is.',
    'zh-CN':
      '主机名、操作系统、内核、处理器、内存、虚拟机或容器的迹象及其控制组的限制，仅供记录。始终正常。各种虚拟化信息来源并不一致（在某些小型虚拟机上 systemd-detect-virt 会说 docker），因此各自照实列出。',
  },
  'host.reboot_required': {
    en: 'Does an installed update wait for a reboot? Debian and Ubuntu write /run/reboot-required (and for which packages), Red Hat tells with needs-restarting -r. A pending reboot warns, as Netdata does. Not-applicable where neither exists: Debian writes the file only with update-notifier-common or unattended-upgrades.',
    'zh-CN':
      '已安装的更新是否需要重启？Debian 和 Ubuntu 写 /run/reboot-required（及涉及的软件包），Red Hat 由 needs-restarting -r 告知。待重启则警告，同 Netdata。两者都没有时不适用：Debian 只有装了 update-notifier-common 或 unattended-upgrades 才写该文件。',
  },
  'limits.evaluate': {
    en: 'Replays the limits of the profile (amount of one payment; sum or count per hour, day or month, of a card, merchant, terminal, method or all) over the payments of a log, and says which rule refuses and whose it is: ours, the channel, the bank, the scheme or the regulator. What is refused for a limit is told by its code, in the table of that provider. A share of such refusals above 1 % warns and above 5 % fails, tested exactly; refusals that no rule explains are told by code, and a rule of ours that lets payments through which are beyond it warns. Card numbers stay in memory.',
    'zh-CN':
      '把站点档案中的限额（单笔金额；某卡、商户、终端、支付方式或全部在每小时、每日或每月的金额或笔数）在日志中的支付上重放，指出是哪条规则在拒绝、规则属于谁：我方、渠道、银行、卡组织还是监管。因限额被拒按该渠道码表中的应答码识别。这类拒绝超过 1 % 警告，超过 5 % 失败，按精确检验；没有规则能解释的拒绝按应答码列出；我方规则放过了超限的支付则警告。卡号只留在内存中。',
  },
  'log.freshness': {
    en: 'Time since a log or heartbeat file, or the newest file of a folder, was last written: warns above 240 s, fails above 600 s (defaults of check_file_age in monitoring-plugins). Of a command (argv) or standard input, the time of the last line counts. For logs that are always being written; a quiet log at night is no fault, so set the thresholds to the traffic. A missing file fails.',
    'zh-CN':
      '日志、心跳文件或目录中最新文件距上次写入的时间：超过 240 秒警告，超过 600 秒失败（monitoring-plugins 的 check_file_age 默认值）。来源为命令（argv）或标准输入时取最后一行的时间。适用于持续写入的日志；夜间安静的日志不是故障，请按流量设置阈值。文件不存在即失败。',
  },
  'log.pattern': {
    en: 'Counts the lines of a window of time that match, and holds them against the window before. The log is a file, a command (argv) or standard input. Of an ordered file only the window is read, found by bisection; rotated files (FILE.1, FILE-20261128.gz, .zst) are followed as far back as the windows go. Any match is a warning. A burst is more than the threshold and four times the window before; where few lines were before, the counts are compared exactly (conditional binomial, 0.1 %), below the threshold too. With `max` it is just more than that. The default question is words of trouble, but not in lines whose own level says info or less. Matching lines are put together as templates; one that is new or grew most is named. Lines without a time belong to the line above.',
    'zh-CN':
      '统计时间窗口内匹配的行数，并与前一窗口比较。日志可以是文件、命令（argv）或标准输入。有序的文件只读取窗口部分，用二分法定位；轮转文件（FILE.1、FILE-20261128.gz、.zst）会一直追溯到窗口所及之处。有匹配即警告。超过阈值且为前一窗口的四倍算突增；前一窗口行数少时精确比较两者（条件二项检验，0.1 %），低于阈值也如此。给出 `max` 时只看是否超过它。默认查找表示异常的词，但行自身级别为 info 或更低的不算。匹配的行归并为模板，指出新出现或增长最多的一个。没有时间的行归属上一行。',
  },
  'log.status': {
    en: 'Share of 5xx among the requests of the window: warn above 2 %, fail above 5 % (Netdata web_log.conf). With fewer than 120 requests the share is tested exactly (binomial, 5 %), so that 3 of 3 fail and 1 of 20 is chance. A smaller share that is four times that of the window before, by more than chance (Fisher, 0.1 %), warns, as do 4xx above 30 %. The log is a file, a command (argv) or standard input: Common and Combined with or without host and times, Envoy, HAProxy, AWS load balancers, JSON lines, each also inside the log of a container. 499 is nginx saying that the client gave up.',
    'zh-CN':
      '窗口内请求中 5xx 的占比：超过 2 % 警告，超过 5 % 失败（Netdata web_log.conf）。请求少于 120 个时精确检验占比（二项检验，5 %），因此 3 个全错失败，20 个错 1 个属偶然。占比较小但为前一窗口的四倍且非偶然（Fisher，0.1 %）时警告，4xx 超过 30 % 也警告。日志可以是文件、命令（argv）或标准输入：Common 和 Combined（可带主机名和耗时）、Envoy、HAProxy、AWS 负载均衡、JSON 行，也可以嵌在容器日志中。499 是 nginx 表示客户端放弃了请求。',
  },
  'log.volume': {
    en: 'Lines of the last five minutes (or `window`) against those of the same time before: below 50 % or above 200 % warns, below 25 % or above 400 % fails (Netdata web_log.conf). With fewer than 120 lines before the two counts are compared exactly (conditional binomial, 5 %): 0 after 20 is a fall, 5 after 10 is not. A silent drop is how lost traffic looks from inside. A log whose lines carry no time is unknown.',
    'zh-CN':
      '最近五分钟（或 `window`）的行数与此前同样时长的比较：低于 50 % 或高于 200 % 警告，低于 25 % 或高于 400 % 失败（Netdata web_log.conf）。此前少于 120 行时精确比较两个行数（条件二项检验，5 %）：20 之后为 0 是下跌，10 之后为 5 不是。无声的下跌正是流量丢失在内部的样子。日志各行没有时间时结果未知。',
  },
  'metric.baseline': {
    en: 'A PromQL query now against the same window 1 to 4 weeks before, read from Prometheus with GET requests. The middle of the past weeks is their median, the spread 1.4826 x MAD and at least 1 % of the median, so that one bad week does not hide this one. Warn beyond 3.5 spreads (Iglewicz and Hoaglin), fail beyond 7 (own), in the direction that `worse` names; one past week alone only warns. Weeks are 168 hours: after a change of clocks they are an hour off. No data is unknown; no past weeks is not-applicable.',
    'zh-CN':
      'PromQL 查询的当前值与 1 到 4 周前同一窗口比较，以 GET 请求从 Prometheus 读取。往周的中心取中位数，离散度取 1.4826 x MAD 且不低于中位数的 1 %，因此某一周异常不会掩盖本次。在 `worse` 指定的方向上超过 3.5 倍离散度警告（Iglewicz 和 Hoaglin），超过 7 倍失败（自定）；只有一周历史时只警告。一周按 168 小时计：夏令时切换后会差一小时。没有数据时结果未知；没有往周数据时不适用。',
  },
  'order.status': {
    en: 'Compares the state of orders here with what the provider says was paid: paid there and not here (a callback was lost), paid after the order had expired, paid twice under one order, stuck in processing, paid here and refused or unknown there. A payment younger than `grace` (5 min) and rows outside of the time that the statement covers are left out. Any of them fails; an order that the statement does not have warns, for it may be in the file of the next day. Reads tables only; nothing is asked of a provider.',
    'zh-CN':
      '把本地订单状态与渠道所说的已付款比较：渠道已付而本地未付（回调丢失）、订单过期后才付款、同一订单付了两次、卡在处理中、本地已付而渠道拒绝或未知。不满 `grace`（5 分钟）的付款，以及账单所覆盖时间之外的行不计。任何一种即失败；账单中没有的订单警告，因为可能在次日的文件里。只读表格，不向渠道询问。',
  },
  'provider.codes': {
    en: 'Puts the codes in a log of payments into one vocabulary of outcomes (tables of ISO 8583, UnionPay, Alipay, WeChat Pay, Stripe, Adyen, PayPal, or words of your own) and compares their mix with the window before, with Wilson intervals. Outcomes that no customer makes warn above 0.5 % and fail above 2 %, tested exactly; below 30 payments only what is beyond chance fails. Limits, risk, duplicates and announced pauses, and ordinary declines, warn when their share has risen significantly (declines: doubled). Names the group (provider, method, BIN, terminal, merchant) in which the worst gathers. Silence after traffic fails. The numbers are our own.',
    'zh-CN':
      '把支付日志中的应答码归入统一的结果词汇（ISO 8583、银联、支付宝、微信支付、Stripe、Adyen、PayPal 的码表，或自己的用词），并以 Wilson 区间比较其分布与前一窗口。非客户造成的结果超过 0.5 % 警告，超过 2 % 失败，按精确检验；不足 30 笔时只有非偶然的才失败。限额、风控、重复、已公告的暂停和普通拒绝在占比显著上升时警告（普通拒绝须翻倍）。指出最严重的一类集中在哪个分组（渠道、支付方式、BIN、终端、商户）。有过流量后归于沉寂即失败。数值均为自定。',
  },
  reconcile: {
    en: 'Reconciles files of orders with statements of providers as `oor reconcile` does, and counts what differs within the window of interest and a margin (30 min at each end) by class, with the value at risk by currency. Bills of WeChat Pay, Alipay, UnionPay, Stripe and Adyen, plain tables, and others by a mapping file; a file whose own totals do not hold is not used and the result is unknown. Customers charged twice, payments that are not recorded here, orders without a payment and payments without an order, wrong amounts, states and refunds fail; disputes and fees warn, as does a payment that the statement of the next day may still hold. Unknown where a side does not cover the window, from its first payment to its last (a bill of days covers these days whole; a table so much more as it is usually silent), or where no row lies in it. Needs the package @duckdb/node-api; without it the result is unknown. Runs on the machine of the operator, only for files that are named, in a folder of its own under TMPDIR that is gone when it ends.',
    'zh-CN':
      '与 `oor reconcile` 相同，把订单文件与渠道账单对账，统计所关注窗口（两端各留 30 分钟余量）内各类差异的笔数，以及按币种的风险金额。支持微信支付、支付宝、银联、Stripe 和 Adyen 的账单、普通表格，其他格式用映射文件；文件自身的汇总不成立时不采用，结果未知。重复扣款、本地未入账的付款、没有付款的订单、没有订单的付款，以及金额、状态、退款错误即失败；争议和手续费差异警告，次日账单中可能出现的付款也警告。每一方以其第一笔到最后一笔付款为覆盖范围（按日账单覆盖整日；表格按其平常的间隔放宽）；任何一方没有覆盖窗口，或窗口内没有任何行时，结果未知。需要软件包 @duckdb/node-api，没有时结果未知。在操作员的机器上执行，只读取所指定的文件，使用 TMPDIR 下自己的目录，结束后即删除。',
  },
  'security.listeners': {
    en: 'TCP listeners that are not bound to loopback, against the ports that the profile allows (network.allowed_listeners): any other warns (own rule), with the program that owns it where it may be seen. A firewall may hide it from the outside all the same. UDP is not looked at. Not-applicable without `allowed`. Owners of other users need root.',
    'zh-CN':
      '没有绑定在回环地址上的 TCP 监听端口，与站点档案允许的端口（network.allowed_listeners）比较：有其他端口即警告（自定规则），能看到时给出所属程序。防火墙可能仍将其对外隐藏。不看 UDP。没有 `allowed` 时不适用。其他用户的程序需要 root 才能看到。',
  },
  'security.logins': {
    en: 'Failed logins over SSH in the window, a minute: warns above 10, fails above 120 (own numbers; a host on the internet sees some always). Ten user names that do not exist, from one address, fail at any rate. A success after five failures from the same address warns first of all: look whether it was its owner. Reads auth.log, secure, the file that sshd writes to under a supervisor, or the journal; without permission the answer is unknown, never ok.',
    'zh-CN':
      '窗口内每分钟的 SSH 登录失败次数：超过 10 次警告，超过 120 次失败（数值自定；暴露在互联网上的主机总会有一些）。同一地址尝试十个不存在的用户名，无论频率都失败。同一地址失败五次后成功，最先警告：请核实是不是本人。读取 auth.log、secure、由监管程序启动的 sshd 所写的文件，或 journal；无权限时结果未知，绝不算正常。',
  },
  'settlement.file': {
    en: 'Is the settlement file of the last due time there, and is it whole? Late warns, and fails two hours after the agreed time; an empty file, one that does not add up to its own control totals (the last record of WeChat Pay, the footer of Alipay, records of its own as `totals`), one that ends before them, and one with the same bytes as that of another day fail. A size that differs from the median of the two weeks before by more than a factor of 4 warns. An archive has to be unpacked first.',
    'zh-CN':
      '最近一个到期时间的结算文件是否已到、是否完整？迟到警告，超过约定时间两小时失败；空文件、与自身汇总不符的文件（微信支付的末行、支付宝的页脚、用 `totals` 声明的自有汇总行）、在汇总之前就结束的文件，以及与其他日期字节相同的文件即失败。大小与前两周中位数相差超过 4 倍警告。压缩包须先解开。',
  },
  'site.drift': {
    en: 'Compares a standby (an entry of hosts) with the machine that it stands in for: the other one of its group of peers, else the host with the role primary, else the machine of the operator. Packages, configuration, versions, units, limits of running services, certificates, kernel and its parameters, scheduled jobs, time zone, as the services of the primary name them. By meaning: comments, names and addresses of the machine itself, when a file was written and another certificate, by whomever it was issued, for the same names until the same day are no difference; of settings that differ their names are told and never their values: a name is what stands before a separator and a value (NAME=value, name: value, a directive of nginx); of keys, of files that are one secret and of all other lines it is told only that content differs. Any difference warns (own rule): after a failover it is a fault that nobody looks for. What either side could not see is never a difference, and never equal either: where nothing differs but files, versions, certificates or a whole kind of things were hidden, it is unknown with what would show them. Not-applicable where it stands in for no machine.',
    'zh-CN':
      '将备机（hosts 中的一项）与其所替代的主机比较：同一 peers 组中的另一台，否则为角色是 primary 的主机，再否则为值班人员所在的主机。按主机上各服务的写法比较软件包、配置、版本、单元、运行中服务的限制、证书、内核及其参数、定时任务与时区。按含义比较：注释、本机名称与地址、文件写入时间，以及域名与到期日相同的另一张证书（不论由谁签发）都不算差异；不同的设置只列名称，从不列出值：名称指分隔符和值之前的部分（NAME=value、name: value、nginx 指令）；密钥、整个文件即为秘密的文件以及其余各行只说明内容不同。任何差异都告警（自定规则）：切换之后它就是没人会去找的故障。任一侧看不到的既不算差异，也不算一致：未见差异但有文件、版本、证书或整类内容看不到时为未知，并说明怎样才能看到。不替代任何主机时为不适用。',
  },
  'site.single_points': {
    en: 'Names each part that stops payments when it alone stops, with what shows it, what depends on it (links) and who owns it (the contact whose name or role is its name or its area): one address of the entry; a service without peers, peers on one machine, one server behind nginx; a database that feeds no standby, whether the profile names one or not, or one on its own machine; one cache, one channel, a backup channel at the same address; one switch; one resolver, source of time, way out, power supply of this machine; one certificate shown by several services; one contact. Any is worth knowing and no fault: warn (own rule). `declared` says that the profile names no second one, `seen` that a look showed it. What could not be looked at is listed with what would show it and is neither.',
    'zh-CN':
      '列出每个一停就会使支付停止的单点，并给出依据、依赖它的对象（links）和负责人（姓名或角色等于其名称或领域的联系人）：入口只有一个地址；没有对等节点的服务、对等节点都在一台机器上、nginx 后面只有一台服务器；没有备库跟随的数据库（不论档案是否列出），或备库在同一台机器上；只有一个缓存、一个渠道、备用渠道是同一地址；只有一个交换机构；本机只有一个解析器、时间源、出口或电源；多个服务出示同一张证书；只有一个联系人。任何一项都值得了解但不是故障：只警告（自定规则）。`declared` 表示站点档案没有写出第二个，`seen` 表示实际查看证实。无法查看的内容另行列出，并说明怎样才能看到，两者都不算。',
  },
} satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;
