/** What the checks of this phase look at, where their numbers come from, how they degrade. */
import type { Language } from '../ports.ts';

export const hardwareDocs = {
  'bond.slaves': {
    en: 'Members of each bond with a link against those configured (/proc/net/bonding): a missing one warns, as NodeBondingDegraded of the Prometheus node mixin; a bond without any, or that is down itself, fails. An 802.3ad member that the switch keeps out (churned) counts as missing. Not-applicable without bonds. Works without privileges.',
    'zh-CN':
      '每个 bond 中链路正常的成员数与配置的成员数比对（/proc/net/bonding）：少一个即警告，同 Prometheus node mixin 的 NodeBondingDegraded；没有任何可用成员，或 bond 本身已断开，则失败。被交换机排除在外（churned）的 802.3ad 成员算缺失。没有 bond 时不适用。不需要特权。',
  },
  'cpu.iowait': {
    en: 'Share of one second in which a processor was idle while disk requests were pending (/proc/stat iowait): warns above 40 %, clears below 20 % (Netdata cpu.conf, over ten minutes). It tells that disks are slow only when it is high: with other work to do the same wait shows as busy time. Fails only where the site profile sets a bound for it. In a container the numbers are those of the host.',
    'zh-CN':
      '一秒内处理器空闲且有磁盘请求等待的时间占比（/proc/stat 的 iowait）：超过 40 % 警告，回到 20 % 以下恢复（Netdata cpu.conf，取十分钟）。只有数值高时才说明磁盘慢：有其他工作可做时，同样的等待会表现为忙碌。只有站点档案设定了界限才会失败。在容器中数值属于整台主机。',
  },
  'cpu.load': {
    en: "Load averages per core from /proc/loadavg: processes that run, wait for a core or wait for a disk. Warns as Netdata does when load15 passes 2, load5 4 or load1 8 per core (a lone core counts as two); fails above 20 (own). In a container, or under a processor quota, it is not-applicable: the load is the whole host's, the cores are not (see psi.cpu and cpu.util).",
    'zh-CN':
      '/proc/loadavg 中按每核计算的负载：正在运行、等待处理器和等待磁盘的进程数。与 Netdata 相同，每核 load15 超过 2、load5 超过 4 或 load1 超过 8 时警告（单核按两核计）；超过 20 失败（自定）。在容器内或有处理器配额时不适用：负载是整台主机的，核数不是（参见 psi.cpu 和 cpu.util）。',
  },
  'cpu.steal': {
    en: 'Share of one second in which this virtual machine wanted a processor and the hypervisor gave it to others (/proc/stat steal): warns above 10 %, clears below 5 % (Netdata cpu.conf, over twenty minutes). Nothing inside the machine cures it: move it, or ask whoever runs the platform. Always 0 on hardware of its own. Never fails.',
    'zh-CN':
      '一秒内本虚拟机需要处理器、而虚拟化平台把处理器分给别人的时间占比（/proc/stat 的 steal）：超过 10 % 警告，回到 5 % 以下恢复（Netdata cpu.conf，取二十分钟）。虚拟机内部无法解决：迁移它，或询问平台负责人。物理机上始终为 0。不会失败。',
  },
  'cpu.throttle': {
    en: 'Times that processors slowed down for heat during one second (thermal_throttle of /sys): any warns (own rule), with the count since boot. It tells of dust, a dead fan or a hot room before anything breaks. Not-applicable where processors do not count it (virtual machines, AMD, ARM). Works without privileges.',
    'zh-CN':
      '一秒内处理器因过热降频的次数（/sys 的 thermal_throttle）：出现即警告（自定规则），并给出启动以来的次数。它能在故障发生前提示积灰、风扇损坏或机房过热。处理器不统计时不适用（虚拟机、AMD、ARM）。不需要特权。',
  },
  'cpu.util': {
    en: 'Busy share of all cores between two readings of /proc/stat one second apart, and the processes that used most of it. Thresholds are those of Netdata, which holds them over ten minutes: one second is only a sample. Steal above 10 % (a hypervisor that gives the time to others) and iowait above 40 % warn. Four processes and more that are ready to run for each core, in both looks, fail (own figure): each request waits for all of them. In a container with a quota (cpu.max, cfs_quota_us) its use of the quota is judged instead, and more than 25 % of stretches in which it was stopped for having used the quota up warn (cpu.stat nr_throttled; Kubernetes mixin).',
    'zh-CN':
      '相隔一秒两次读取 /proc/stat 得到的全部核心忙碌占比，以及占用最多的进程。阈值取自 Netdata，其持续十分钟才判断，一秒只是抽样。steal 超过 10 %（虚拟化平台把时间分给别人）和 iowait 超过 40 % 时警告。两次查看中每核都有四个及以上进程等待运行则失败（数值自定）：每个请求都要排队。在有配额的容器中（cpu.max、cfs_quota_us）改为判断配额使用率；因配额用尽而被停止的时段超过 25 % 时警告（cpu.stat 的 nr_throttled；Kubernetes mixin）。',
  },
  'disk.fill_eta': {
    en: 'Hours until a file system is full at its present pace. With `baseline` (what was available at an earlier time) the pace is that since then: below 8 hours warns, below 2 fails (Netdata disks.conf; clear above 48 and 24 hours). Without it there is only the pace of one second, which can warn and never fail, and says so. File systems as disk.space chooses them; a baseline wants one `path`.',
    'zh-CN':
      '按当前速度，文件系统还有多少小时写满。给出 `baseline`（较早时刻的可用空间）时，速度按那时以来计算：不足 8 小时警告，不足 2 小时失败（Netdata disks.conf；分别回到 48 和 24 小时以上恢复）。没有基线时只有一秒内的速度，只会警告、不会失败，并会说明。文件系统的选择同 disk.space；给出基线时须指定一个 `path`。',
  },
  'disk.inodes': {
    en: 'Used inodes of the mounts that hold `path`, or of every writable file system: no file can be made when they run out, however much space is free. Thresholds are those of Netdata. File systems that make inodes on demand (btrfs, xfs, zfs) are not-applicable. A hung mount makes the answer unknown after 2 s.',
    'zh-CN':
      '`path` 所在挂载点或所有可写文件系统的 inode 使用率：inode 用尽后，无论剩余多少空间都无法新建文件。阈值取自 Netdata。按需创建 inode 的文件系统（btrfs、xfs、zfs）不适用。挂起的挂载点 2 秒后使结果变为未知。',
  },
  'disk.io': {
    en: 'Busy share, queue and time per request of each disk over one second (/proc/diskstats). A queue above 10 requests warns (NodeDiskIOSaturation of the Prometheus node mixin), a busy share above 98 % too (Netdata disks.conf, which waits ten minutes), as do requests that take more than 100 ms on average (own figure; a disk that turns needs about ten). Never fails: what hurts is the waiting of programs, which psi.io measures. In a container the numbers are those of the host.',
    'zh-CN':
      '一秒内每块磁盘的忙碌占比、队列和单个请求耗时（/proc/diskstats）。队列超过 10 个请求警告（Prometheus node mixin 的 NodeDiskIOSaturation），忙碌占比超过 98 % 警告（Netdata disks.conf，其等待十分钟），请求平均耗时超过 100 毫秒也警告（数值自定；机械盘约需 10 毫秒）。不会失败：真正有影响的是程序的等待，由 psi.io 测量。在容器中数值属于整台主机。',
  },
  'disk.latency': {
    en: 'Writes 400 KiB to a nameless file in `path`, a hundred times 4 KiB, each made durable before the next (dd oflag=dsync), and judges the slowest batch of ten: above 5 ms a write warns, above 8 ms fails, the numbers etcd wants (Replicated troubleshoot). It writes, so it is opt-in; it refuses when less than 5 % is free, and leaves nothing behind. Not-applicable without `path`.',
    'zh-CN':
      '在 `path` 中向一个无名文件写入 400 KiB：一百次 4 KiB，每次落盘后再写下一次（dd oflag=dsync），按每十次一批、取最慢的一批判断：每次写入超过 5 毫秒警告，超过 8 毫秒失败，数值为 etcd 的要求（Replicated troubleshoot）。它会写盘，因此需显式选用；剩余空间不足 5 % 时拒绝执行，结束后不留任何文件。没有 `path` 时不适用。',
  },
  'disk.newest': {
    en: 'Looks through one file system, without crossing into others, for files above 1 MiB that were written within a day, says which of them nobody has open and which are dumps, archives, cores or old logs, and where else there is room. Warns when they take 5 % of the file system. Never opens a file.',
    'zh-CN':
      '在一个文件系统内（不跨入其他文件系统）查找一天内写入且大于 1 MiB 的文件，指出其中哪些没有进程打开，哪些是转储、归档、core 或旧日志，以及别处哪里有空间。合计达到文件系统的 5 % 时警告。不打开任何文件。',
  },
  'disk.nvme': {
    en: 'Critical warnings of NVMe disks (nvme smart-log): any fails (Netdata nvme.conf), named as the NVM Express specification does. 80 % or more of the rated writes used up warns (own). Wants root and nvme-cli; unknown without. Not-applicable without NVMe disks; those of clouds may report nothing.',
    'zh-CN':
      'NVMe 盘的严重告警（nvme smart-log）：有任何一项即失败（Netdata nvme.conf），名称按 NVM Express 规范。额定写入量用掉 80 % 及以上警告（自定）。需要 root 和 nvme-cli，缺少时结果未知。没有 NVMe 盘时不适用；云上的 NVMe 盘可能什么也不报告。',
  },
  'disk.smart': {
    en: 'What the disks say of themselves (smartctl -a -j): a disk that says it is failing fails; attributes at or once below their threshold, logged errors, failed self-tests, pending and reallocated sectors warn (exit bits of smartctl(8)). Wants root and smartmontools; unknown without. Virtual disks and NVMe (see disk.nvme) are left out; behind a RAID controller see raid.hw.',
    'zh-CN':
      '磁盘自身的报告（smartctl -a -j）：自报即将损坏的磁盘失败；当前或曾经低于阈值的属性、错误日志、自检失败、待映射和已重映射扇区警告（smartctl(8) 的退出位）。需要 root 和 smartmontools，缺少时结果未知。虚拟磁盘和 NVMe（见 disk.nvme）不检查；RAID 卡后面的磁盘见 raid.hw。',
  },
  'disk.space': {
    en: 'Used space of the mounts that hold `path`, or of every writable file system that holds data of its own (of in-memory ones only those outside /dev, /run, /sys), as df counts it: used / (used + available to ordinary users). Stock thresholds are those of Netdata: warn above 90 %, fail above 98 % when less than 5 GiB is left; thresholds of the profile count alone. Each mount is asked in its own child for 2 s at most; one that hangs makes the answer unknown unless another is bad (fs.hung owns that finding).',
    'zh-CN':
      '`path` 所在挂载点，或所有存有自身数据的可写文件系统（内存文件系统只看 /dev、/run、/sys 之外的）的已用空间，算法同 df：已用 /（已用 + 普通用户可用）。默认阈值取自 Netdata：超过 90 % 警告，超过 98 % 且剩余不足 5 GiB 失败；站点档案设了阈值则只按它判断。每个挂载点由单独的子进程查询，最多 2 秒；有挂起的挂载点且其他都正常时，结果未知（该问题由 fs.hung 报告）。',
  },
  'fd.system': {
    en: 'Open files of all processes against fs.file-max (/proc/sys/fs/file-nr): warns above 70 %, fails above 90 % (Prometheus node mixin; Netdata file_descriptors.conf too speaks at 90 %). Beyond the limit nothing can open a file or a connection any more. Works without privileges; in a container the numbers are those of the host.',
    'zh-CN':
      '所有进程打开的文件数与 fs.file-max 的比较（/proc/sys/fs/file-nr）：超过 70 % 警告，超过 90 % 失败（Prometheus node mixin；Netdata file_descriptors.conf 也在 90 % 告警）。超过上限后，任何程序都无法再打开文件或连接。不需要特权；在容器中数值属于整台主机。',
  },
  'fs.hung': {
    en: 'Asks every mount that waits for a disk, a server or a daemon (or those that hold `path`) for its statfs numbers, each in its own child that is killed after 2 s, all at the same time. A declared mount that stays silent, or answers with a dead connection, is a fail, any other a warn. The bound of 2 s is our own. In-memory file systems cannot hang and are left out.',
    'zh-CN':
      '向每个依赖磁盘、服务器或守护进程的挂载点（或 `path` 所在的挂载点）查询 statfs，各用一个子进程同时进行，2 秒后杀死。已声明的挂载点无应答或以断开的连接应答即失败，其他挂载点警告。2 秒为自定界限。内存文件系统不会挂起，不检查。',
  },
  'fs.readonly': {
    en: 'Looks in /proc/self/mountinfo for a file system that was meant to be written and cannot be: the kernel turned it read-only after an error (a writable mount over a read-only file system), stopped it (shutdown, emergency_ro), /etc/fstab wants it writable, or it holds the declared `path`. Any of these is a fail (node-problem-detector readonly-monitor). File systems that are read-only by design (squashfs, ISO images), read-only binds and overlays without an upper layer do not count. Never touches the mount, so it cannot hang.',
    'zh-CN':
      '在 /proc/self/mountinfo 中查找本应可写却不能写的文件系统：内核因错误将其改为只读（可写挂载下的只读文件系统），将其停止（shutdown、emergency_ro），/etc/fstab 要求可写，或其中有所声明的 `path`。任何一种即失败（node-problem-detector readonly-monitor）。设计上只读的文件系统（squashfs、ISO 镜像）、只读的 bind 挂载和没有上层的 overlay 不计。不接触挂载点，因此不会挂起。',
  },
  'host.inventory': {
    en: 'Maker, model, processor, memory modules, disks and battery, for the record and for the part that has to be ordered. Always ok. Slow (it starts about twenty children), so no playbook runs it by itself; serial numbers are left out. Works on other platforms than Linux too.',
    'zh-CN':
      '厂商、型号、处理器、内存条、磁盘和电池，供记录和订购备件之用。始终正常。较慢（要启动约二十个子进程），因此没有剧本会自动执行；不记录序列号。Linux 以外的平台也能用。',
  },
  'host.uptime': {
    en: "Time since boot from /proc/uptime. Warns when the host started less than 10 minutes ago (Netdata reboot.conf) or inside the window of interest: what then fails may be what does not start by itself. In a container it is the host's.",
    'zh-CN':
      '/proc/uptime 中启动以来的时间。主机启动不足 10 分钟（Netdata reboot.conf）或在所关注的窗口内启动过则警告：此后失败的可能是没有设置自启动的程序。在容器中是整台主机的时间。',
  },
  'hw.sel': {
    en: 'Sensors of the management controller (ipmitool sdr list) and its event log (sel elist): a critical sensor fails, a sensor warning or an event within a week (`within`) warns, as Netdata ipmi.conf. Events that say something ended are left out. The controller has a clock of its own, often wrong. Wants root and ipmitool; not-applicable without a controller (/dev/ipmi0), as in virtual machines.',
    'zh-CN':
      '管理控制器的传感器（ipmitool sdr list）及其事件日志（sel elist）：传感器严重告警即失败，传感器警告或一周内（`within`）的事件警告，同 Netdata ipmi.conf。表示某状态已结束的事件不计。控制器有自己的时钟，常不准确。需要 root 和 ipmitool；没有控制器（/dev/ipmi0）时不适用，如虚拟机。',
  },
  'kernel.events': {
    en: 'Reads the kernel log (dmesg, else journalctl -k; or an export of one as file, argv or stdin) for events inside the window of interest: out-of-memory kills, hung tasks, oopses, file system and I/O errors, read-only remounts, machine checks, full tables, SYN floods, links going down, throttling, crashes of processes. As in node-problem-detector, permanent conditions (read-only remount, fatal hardware error) fail and the rest warn; with `process`, an event about that process is a fail. Where the log may not be read (ordinary users, most containers) the answer is unknown, never ok.',
    'zh-CN':
      '读取内核日志（dmesg，没有则 journalctl -k；或以文件、argv、标准输入给出的导出）中窗口内的事件：因内存不足杀进程、任务挂起、oops、文件系统和 I/O 错误、重新挂载为只读、机器检查异常、各类表已满、SYN 泛洪、链路断开、降频、进程崩溃。与 node-problem-detector 相同，持续性状态（只读重挂载、致命硬件错误）失败，其余警告；给出 `process` 时，与该进程有关的事件即失败。无权读取日志时（普通用户、多数容器）结果未知，绝不算正常。',
  },
  'mem.available': {
    en: "Memory that programs cannot get any more: 100 % less MemAvailable of /proc/meminfo, or use against the limit of the container's control group (version 1 or 2, file cache left out), whichever is nearer its end. Thresholds are those of Netdata: warn above 90 %, fail above 98 %. File cache is not use.",
    'zh-CN':
      '程序已无法再得到的内存：100 % 减去 /proc/meminfo 的 MemAvailable，或用量与容器控制组上限（版本 1 或 2，不计文件缓存）的比例，取更接近用尽的一个。阈值取自 Netdata：超过 90 % 警告，超过 98 % 失败。文件缓存不算占用。',
  },
  'mem.ecc': {
    en: 'Errors that the memory controllers counted since boot (EDAC): an uncorrected one fails, corrected ones warn, as does memory the kernel has given up (HardwareCorrupted), as Netdata memory.conf. Not-applicable without EDAC: virtual machines, memory without ECC, or a driver that is not loaded. Works without privileges.',
    'zh-CN':
      '内存控制器自启动以来统计的错误（EDAC）：有不可纠正错误即失败，已纠正错误警告，内核已弃用的内存（HardwareCorrupted）也警告，同 Netdata memory.conf。没有 EDAC 时不适用：虚拟机、无 ECC 内存或驱动未加载。不需要特权。',
  },
  'mem.majfault': {
    en: 'Major page faults a second (/proc/vmstat pgmajfault, over one second): a program touched memory that had to be read from a disk first. Warns above 500 a second, as the Prometheus node mixin. A high rate means that memory is short even where nothing is swapped (program text is dropped and read again), or that a program has just started. Never fails.',
    'zh-CN':
      '每秒主缺页次数（/proc/vmstat 的 pgmajfault，取一秒）：程序访问了必须先从磁盘读入的内存。超过每秒 500 次警告，同 Prometheus node mixin。数值高说明内存不足，即使没有使用交换区（程序代码被丢弃后重读），或有程序刚启动。不会失败。',
  },
  'mem.oom': {
    en: 'Counts processes that the kernel killed for lack of memory: /proc/vmstat oom_kill since boot, or those of the container (memory.events, memory.oom_control). The counter has no time: where the kernel log may be read it tells whether any fell into the last 30 minutes (Netdata ram.conf warns at any in that time), and older ones are ok. Where it may not, and in a container, any kill warns. kernel.events says who and when. Never fails. The counters need no privileges.',
    'zh-CN':
      '统计内核因内存不足杀死的进程：/proc/vmstat 的 oom_kill（自启动以来），或容器的计数（memory.events、memory.oom_control）。计数器不带时间：能读内核日志时由日志判断最近 30 分钟内是否有（Netdata ram.conf 在此时间内有任何一次即警告），更早的算正常。不能读日志时以及在容器内，有任何一次即警告。是谁、何时由 kernel.events 说明。不会失败。读取计数器不需要特权。',
  },
  'mem.swap': {
    en: 'Swap in use (/proc/meminfo): warns above 90 % (clears below 80 %), fails above 98 % (clears below 90 %). Also the pace of writing to it during one second (/proc/vmstat pswpout): more than 30 % of the memory in half an hour warns, clears below 20 %. All from Netdata swap.conf. Used swap alone is old; the pace is what hurts now. Not-applicable without swap.',
    'zh-CN':
      '已用交换区（/proc/meminfo）：超过 90 % 警告（回到 80 % 以下恢复），超过 98 % 失败（回到 90 % 以下恢复）。另看一秒内写入交换区的速度（/proc/vmstat 的 pswpout）：折合半小时超过内存的 30 % 警告，回到 20 % 以下恢复。均取自 Netdata swap.conf。已用交换区只说明过去，写入速度才是当前的影响。没有交换区时不适用。',
  },
  'nic.link': {
    en: 'Link, negotiated speed, duplex and link changes of the declared network cards, or of those on the way to the default gateway. A card that is missing, switched off, without link, or whose link came or went within the sample fails. A link that flaps has been lost before: one that never was since the card came up is watched for a second, any other as long as `sample` says. Half duplex and a speed below `min_speed_mbps` warn: the other end, the cable or the negotiation is wrong. Own rules. Virtual cards do not tell their speed; only what is told is judged.',
    'zh-CN':
      '所声明的网卡，或通往默认网关的网卡的链路、协商速率、双工和链路变化。网卡不存在、被关闭、无链路，或抽样期间链路通断过即失败。会抖动的链路以前必然断过：启用以来从未断过的只观察一秒，其他按 `sample` 指定的时间观察。半双工和低于 `min_speed_mbps` 的速率警告：对端、网线或协商有问题。自定规则。虚拟网卡不报告速率；只判断报告了的内容。',
  },
  'power.battery': {
    en: 'Charge of the batteries of this machine (/sys/class/power_supply/*/capacity): below 10 % warns (Netdata power_supply.conf), below 3 % while it discharges fails (own). Batteries of mice and keyboards do not count. A battery that does not tell its charge is unknown. Servers and virtual machines have none and are not-applicable; a UPS is power.ups, the mains are power.mains. Works without privileges.',
    'zh-CN':
      '本机电池的电量（/sys/class/power_supply/*/capacity）：低于 10 % 警告（Netdata power_supply.conf），放电中低于 3 % 失败（自定）。鼠标和键盘的电池不计。不报告电量的电池结果未知。服务器和虚拟机没有电池，不适用；UPS 见 power.ups，市电见 power.mains。不需要特权。',
  },
  'power.mains': {
    en: 'Reads /sys/class/power_supply: without power on any mains input the host runs on battery and fails; when only some of several inputs have power it warns. The bounds are our own. Batteries of mice and keyboards do not count. Virtual machines and most servers show nothing here and are not-applicable: ask someone on site, or declare the UPS (power.ups).',
    'zh-CN':
      '读取 /sys/class/power_supply：所有市电输入都断电时主机靠电池运行，失败；多路输入中只有部分有电时警告。界限为自定。鼠标和键盘的电池不计。虚拟机和多数服务器在此不显示任何内容，不适用：请询问现场人员，或声明 UPS（power.ups）。',
  },
  'power.psu': {
    en: 'Power supplies as the management controller sees them (ipmitool sdr type "Power Supply"): a failure, a lost input or a critical sensor fails, a predicted failure or a sensor warning warns (Netdata ipmi.conf). One of two that lost its input is a fault even though the machine runs on. Wants root and ipmitool; not-applicable without a controller (/dev/ipmi0), as in virtual machines.',
    'zh-CN':
      '管理控制器所见的电源模块（ipmitool sdr type "Power Supply"）：故障、输入丢失或传感器严重告警即失败，预测故障或传感器警告则警告（Netdata ipmi.conf）。两个电源中有一个失去输入，机器虽仍运行也是故障。需要 root 和 ipmitool；没有控制器（/dev/ipmi0）时不适用，如虚拟机。',
  },
  'power.ups': {
    en: 'Asks a UPS server of Network UPS Tools (upsc name@host), or an apcupsd (`apcupsd://host:port`, apcaccess), for the state of the UPS that `ups` names: low battery or forced shutdown fails; on battery, overload, battery to be replaced and a lost connection to the UPS warn. Charge warns below 75 % and fails below 40 %, load warns above 80 % (clears below 70) and fails above 95 % (clears below 85), as Netdata upsd.conf; the site profile may replace the bounds of the load. Without `ups` it is not-applicable; without the tool, or when the server does not answer, it is unknown: look at the display of the UPS.',
    'zh-CN':
      '向 Network UPS Tools 的 UPS 服务器（upsc name@host）或 apcupsd（`apcupsd://host:port`，apcaccess）询问 `ups` 所指 UPS 的状态：电量低或强制关机即失败；使用电池、过载、电池待更换、与 UPS 失联则警告。电量低于 75 % 警告，低于 40 % 失败；负载超过 80 % 警告（回到 70 以下恢复），超过 95 % 失败（回到 85 以下恢复），同 Netdata upsd.conf；站点档案可替换负载的界限。没有 `ups` 时不适用；没有工具或服务器无应答时结果未知：请看 UPS 的面板。',
  },
  'proc.pids': {
    en: 'Threads of the whole system (/proc/loadavg, which hidepid does not hide) against kernel.pid_max and kernel.threads-max, and those of the container against its pids.max (version 1 or 2): warns above 90 % (clears below 85 %), fails above 95 % (clears below 90 %), as Netdata processes.conf. Beyond the limit nothing can start: "cannot fork", "unable to create native thread".',
    'zh-CN':
      '整个系统的线程数（/proc/loadavg，hidepid 不会隐藏）与 kernel.pid_max 和 kernel.threads-max 的比较，以及容器的线程数与其 pids.max（版本 1 或 2）的比较：超过 90 % 警告（回到 85 % 以下恢复），超过 95 % 失败（回到 90 % 以下恢复），同 Netdata processes.conf。超过上限后什么都无法启动："cannot fork"、"unable to create native thread"。',
  },
  'psi.cpu': {
    en: "Share of the last minute in which at least one task waited for a processor (/proc/pressure/cpu, Linux 4.20 and later): above 50 % warns, our own number; never fails. Unlike the load it counts only waiting. In a container it is the stall of the container's own control group (cpu.pressure of cgroup 2), where that is shown. Not-applicable where the kernel does not measure it.",
    'zh-CN':
      '最近一分钟内至少有一个任务在等处理器的时间占比（/proc/pressure/cpu，Linux 4.20 及以后）：超过 50 % 警告，数值自定；不会失败。与负载不同，它只计等待。在容器中是容器自己控制组的停顿（cgroup 2 的 cpu.pressure），前提是可见。内核不测量时不适用。',
  },
  'psi.io': {
    en: "Share of the last minute in which all work stood still and waited for disks (/proc/pressure/io, line full, Linux 4.20 and later): above 10 % warns, our own number; never fails. In a container it is the stall of the container's own control group (io.pressure of cgroup 2), where that is shown. Not-applicable where the kernel does not measure it.",
    'zh-CN':
      '最近一分钟内所有工作都停下来等磁盘的时间占比（/proc/pressure/io 的 full 行，Linux 4.20 及以后）：超过 10 % 警告，数值自定；不会失败。在容器中是容器自己控制组的停顿（cgroup 2 的 io.pressure），前提是可见。内核不测量时不适用。',
  },
  'psi.mem': {
    en: "Share of the last minute in which all work stood still for lack of memory (/proc/pressure/memory, line full, Linux 4.20 and later): above 10 % warns (own), above 60 % fails (the default of systemd-oomd). In a container it is the stall of the container's own control group (memory.pressure of cgroup 2), where that is shown. Not-applicable where the kernel does not measure it.",
    'zh-CN':
      '最近一分钟内所有工作都因内存不足而停下的时间占比（/proc/pressure/memory 的 full 行，Linux 4.20 及以后）：超过 10 % 警告（自定），超过 60 % 失败（systemd-oomd 的默认值）。在容器中是容器自己控制组的停顿（cgroup 2 的 memory.pressure），前提是可见。内核不测量时不适用。',
  },
  'raid.hw': {
    en: 'Controllers, volumes, drives and batteries of MegaRAID and PERC cards (storcli or perccli, /call show all J): a volume that is not optimal fails, a drive or battery that is not well, or a controller that needs attention, warns; a cache battery at 80 % of its charge warns, at 40 % fails (Netdata megacli.conf fails any controller that is not optimal). Wants root and the tool of the maker; not-applicable without such a card. Other makers are not known.',
    'zh-CN':
      'MegaRAID 和 PERC 卡的控制器、卷、磁盘和电池（storcli 或 perccli，/call show all J）：卷不是最佳状态即失败，磁盘或电池异常、控制器需要关注则警告；缓存电池电量降到 80 % 警告，降到 40 % 失败（Netdata megacli.conf 对任何不是最佳状态的控制器都判失败）。需要 root 和厂商工具；没有这类卡时不适用。不识别其他厂商。',
  },
  'raid.md': {
    en: 'Arrays of /proc/mdstat: one with fewer members than it wants, or inactive, fails (NodeRAIDDegraded of the Prometheus node mixin); one that is being rebuilt still lacks a copy and fails too, and says how far it is. A failed member beside a full set and more than 1024 mismatched sectors warn (Netdata mdstat.conf). Not-applicable without arrays. Works without privileges.',
    'zh-CN':
      '/proc/mdstat 中的阵列：成员少于应有数或未激活即失败（Prometheus node mixin 的 NodeRAIDDegraded）；重建中的阵列仍缺一份副本，也失败，并给出进度。成员齐全但另有故障成员，以及超过 1024 个不一致扇区则警告（Netdata mdstat.conf）。没有阵列时不适用。不需要特权。',
  },
  'temp.sensor': {
    en: 'Every temperature of /sys/class/hwmon, else of /sys/class/thermal, against the limits the sensor itself names: at its maximum it warns, at its critical value it fails. A sensor without limits gets 80 and 95 degrees (own). Thresholds of the profile replace them all. Virtual machines have no sensor and are not-applicable.',
    'zh-CN':
      '/sys/class/hwmon（没有则 /sys/class/thermal）的每个温度与传感器自己给出的界限比较：达到最高值警告，达到临界值失败。没有界限的传感器按 80 度和 95 度（自定）。站点档案的阈值会全部替换。虚拟机没有传感器，不适用。',
  },
} satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;
