/** What `oor doctor` says, in Chinese, by the English text; beside the reasons of checks and hosts. */
import { createTeller } from '../checks/reasons.ts';

const DOCTOR_WORDS_ZH: Readonly<Record<string, string>> = {
  'every check can see': '所有检查都看得到',
  'it does more than look, so it runs only where a playbook asks for it': '它不只是查看，因此只在剧本要求时运行',
  'no step uses it': '没有步骤用到它',
  'no step uses it, and it has to be told where to look ({})': '没有步骤用到它，且需要告诉它看哪里（{0}）',
  'expected one of {}': '应为 {0} 之一',
  'a step in a playbook of your own: {}': '自己剧本中的一个步骤：{0}',
  'see: {}': '参见：{0}',
  'add an entry under {} to oor.yaml': '在 oor.yaml 的 {0} 下加入一项',
  'add an entry with {} under {} to oor.yaml': '在 oor.yaml 的 {1} 下加入一项：{0}',
  'add the peer under switches to oor.yaml, with {}': '在 oor.yaml 的 switches 下加入对端，并写 {0}',
  'add the query under metrics.queries to oor.yaml, to a Prometheus that keeps a week or more':
    '在 oor.yaml 的 metrics.queries 下加入查询，Prometheus 须保留一周以上数据',
  'a step that declares them': '一个声明它们的步骤',
  'a step that names where its statistics are': '一个指明其统计位置的步骤',
  'a step that names its queues': '一个指明其队列的步骤',
  'a step that names its address': '一个指明其地址的步骤',
  'run it again and read its reason: {}': '再运行一次并查看原因：{0}',
  'this machine has none: {}': '本机没有：{0}',
  'checks of the host are for Linux': '主机检查仅适用于 Linux',
  'run oor on the Linux machine itself': '请在该 Linux 机器上运行 oor',
  'the kernel must be started with psi=1 (CONFIG_PSI)': '内核须以 psi=1 启动（CONFIG_PSI）',
  'in a container the limits decide': '在容器中由限额决定',
  'see psi.cpu and cpu.util': '见 psi.cpu 和 cpu.util',
  'nothing to do': '无需处理',
  'a virtual machine or container has none': '虚拟机或容器没有',
  'a virtual machine or container has none (virtio disks know no SMART)': '虚拟机或容器没有（virtio 磁盘不支持 SMART）',
  'on hardware: {}': '物理机上：{0}',
  'on a server: {}': '服务器上：{0}',
  'on a server with ECC memory: modprobe the EDAC driver of its chipset': '有 ECC 内存的服务器上：modprobe 其芯片组的 EDAC 驱动',
  'modprobe coretemp (Intel) or k10temp (AMD)': 'modprobe coretemp（Intel）或 k10temp（AMD）',
  'on hardware its processors count it by themselves': '物理机的处理器会自行统计',
  'ask on site': '询问现场人员',
  'no docker or podman here': '这里没有 docker 或 podman',
  'to see containers: {}': '要查看容器：{0}',
  'apt-get install {} (Debian, Ubuntu), dnf install {} (RHEL, Rocky)':
    'apt-get install {0}（Debian、Ubuntu），dnf install {1}（RHEL、Rocky）',
  'docker.io or podman': 'docker.io 或 podman',
  'install the package: {}': '安装软件包：{0}',
  'no cards are bonded here': '这里没有 bond 网卡',
  'to keep core dumps: apt-get install systemd-coredump (Debian, Ubuntu), or a folder in sysctl kernel.core_pattern':
    '要保留转储：apt-get install systemd-coredump（Debian、Ubuntu），或在 sysctl kernel.core_pattern 中写目录',
  'to have it recorded: apt-get install unattended-upgrades (Debian, Ubuntu: /run/reboot-required), dnf install dnf-utils (RHEL, Rocky: needs-restarting)':
    '要有记录：apt-get install unattended-upgrades（Debian、Ubuntu：/run/reboot-required），dnf install dnf-utils（RHEL、Rocky：needs-restarting）',
  'no swap is switched on (swapon --show)': '没有启用交换区（swapon --show）',
  'virtual cards tell no speed: {}': '虚拟网卡不报告速率：{0}',
  'a step with: {capacity_mbps: 1000} says what the line carries': '在步骤中写 with: {capacity_mbps: 1000} 给出线路容量',
  'no software RAID is set up here (/proc/mdstat)': '这里没有软 RAID（/proc/mdstat）',
  'no systemd runs here (a container)': '这里没有运行 systemd（容器）',
  'supervisors are seen by svc.unit and proc.match': 'supervisor 由 svc.unit 和 proc.match 查看',
  'no such unit': '没有该 unit',
  'correct unit: under services in oor.yaml': '更正 oor.yaml 的 services 下的 unit:',
  'the kernel tracks no connections': '内核没有跟踪连接',
  'with a firewall that does: {}': '使用会跟踪的防火墙时：{0}',
  // What lets it.
  'apt-get install docker.io (or podman), dnf install podman': 'apt-get install docker.io（或 podman），dnf install podman',
  'or a step with uses: proc.match for its process': '或用 uses: proc.match 的步骤查看其进程',
  'start it: {}': '启动它：{0}',
  'correct disks: in oor.yaml': '更正 oor.yaml 中的 disks:',
  'lsblk lists what is there': 'lsblk 可列出现有磁盘',
  'a step with uses: file.value on a file that holds the version': '对含版本的文件用 uses: file.value 的步骤',
  'add process: to the entry under services in oor.yaml': '在 oor.yaml 的 services 下该项中加入 process:',
  'its process is then looked at': '之后会查看其进程',
  'correct access_log: or log: under services in oor.yaml, or the file of the step':
    '更正 oor.yaml 的 services 下的 access_log: 或 log:，或步骤中的文件',
  'mount it: {}': '挂载它：{0}',
  'install what the reason names: {}': '安装原因中所说的程序：{0}',
  'install {}, in the PATH of oor': '安装 {0}，并加入 oor 的 PATH',
  'install {}, as {} in the PATH of oor': '安装 {0}，以 {1} 为名加入 oor 的 PATH',
  "Broadcom's {}": 'Broadcom 的 {0}',
  "Dell's {}": 'Dell 的 {0}',
  'IBM MQ itself (package MQSeriesServer)': 'IBM MQ 本身（软件包 MQSeriesServer）',
  'a longer timeout for the step (timeout: 60s), or ask it by itself: {}': '为该步骤加长时限（timeout: 60s），或单独运行：{0}',
  'correct the path or name in oor.yaml or in the step, or make it exist: {}': '更正 oor.yaml 或步骤中的路径或名称，或使其存在：{0}',
  'start what should answer there, or correct its address in oor.yaml: {}': '启动应在那里应答的程序，或更正 oor.yaml 中的地址：{0}',
  'correct the parameter in oor.yaml or in the step: {}': '更正 oor.yaml 或步骤中的参数：{0}',
  'a defect of oor: report it with the output of: {}': 'oor 的缺陷：请附上此命令的输出上报：{0}',
  'if it stays, the kernel or the tool gives what cannot be read: {}': '若仍如此，则内核或工具的输出无法读取：{0}',
  'oor runs as root already: {}': 'oor 已以 root 运行：{0}',
  'ask outside this container, on the host itself: {}': '请在容器外、主机本身上询问：{0}',
  'group: {}': '组：{0}',
  '{} (Debian, Ubuntu), {} (RHEL, Rocky)': '{0}（Debian、Ubuntu），{1}（RHEL、Rocky）',
  'capability: AmbientCapabilities={} in the unit that starts oor': 'capability：在启动 oor 的 unit 中写 AmbientCapabilities={0}',
  // Of a connection that is kept.
  'the profile names no url for it': '站点档案没有给出它的 url',
  'whether a connection is kept for oor cannot be told ({})': '无法得知是否为 oor 保留了连接（{0}）',
  'no connection is kept for {}: when all {} are taken, oor is refused like everybody else':
    '没有为 {0} 保留连接：{1} 个连接全部占满时，oor 会和其他人一样被拒绝',
  'in postgresql.conf: reserved_connections = 2 (needs a restart), then: {} (PostgreSQL 16 and later)':
    'postgresql.conf 中写 reserved_connections = 2（需重启），然后：{0}（PostgreSQL 16 及以后）',
  'in postgresql.conf: reserved_connections = 2 (needs a restart), then: {}':
    'postgresql.conf 中写 reserved_connections = 2（需重启），然后：{0}',
  'GRANT pg_use_reserved_connections TO <role of oor>': 'GRANT pg_use_reserved_connections TO <oor 的角色>',
  'before 16 only superusers have reserved ones (superuser_reserved_connections)':
    '16 之前只有超级用户有保留连接（superuser_reserved_connections）',
  'before PostgreSQL 16 only superusers have reserved connections (superuser_reserved_connections = {}): keep one for the person on call, and limit the others: {}':
    'PostgreSQL 16 之前只有超级用户有保留连接（superuser_reserved_connections = {0}）：为值班人员留一个，并限制其他角色：{1}',
  'ALTER ROLE <application role> CONNECTION LIMIT {}': 'ALTER ROLE <应用角色> CONNECTION LIMIT {0}',
  'GRANT CONNECTION ADMIN ON *.* TO {} (MySQL: CONNECTION_ADMIN): one connection beyond max_connections is kept for such accounts':
    'GRANT CONNECTION ADMIN ON *.* TO {0}（MySQL：CONNECTION_ADMIN）：为这类账号在 max_connections 之外保留一个连接',
  'or a second port of its own: extra_port (MariaDB), admin_address and admin_port (MySQL)':
    '或单独的第二个端口：extra_port（MariaDB），admin_address 和 admin_port（MySQL）',
};

export const tellDoctor = createTeller(DOCTOR_WORDS_ZH);
