/** What the checks of this phase look at, where their numbers come from, how they degrade. */
import type { Language } from '../ports.ts';

export const networkDocs = {
  'host.reachable': {
    en: "How far the way to a machine of the profile's `hosts` goes: name, TCP, SSH handshake, host key, login, shell; through the system's ssh with the user's own configuration, without a question (BatchMode). A machine that answers and does not let us in is a warning: what it hides is unknown, and nothing says that it is broken. A changed host key is a failure. This machine itself is always reached. All other checks of a machine that is not reached are unknown at once.",
    'zh-CN':
      '到站点档案 `hosts` 中某台机器能走到哪一步：域名、TCP、SSH 握手、主机密钥、登录、shell；通过系统的 ssh 和用户自己的配置进行，不会提问（BatchMode）。能应答但不让登录的机器警告：看不到的内容未知，并不说明它有故障。主机密钥变化即失败。本机始终可达。机器不可达时，它的其他检查立即变为未知。',
  },
  'iso8583.echo': {
    en: 'Opens a session of its own with a switch or acquirer, sends one network-management echo (0800 with data element 70 = 301; 1804 with function code 831 in ISO 8583:1993) and reads one answer. It can build nothing else: no sign-on, no key exchange, no money. Opt-in: only where the profile says `second_session: true`, since a peer that allows one session would drop the production one; and never more often than `min_interval` (300 s), across runs: the time of the last echo is kept in the state directory (`pace/`), for each user who has one of his own, and without that nothing is sent. No connection, no answer, another message, another STAN (11) or a response code (39) other than approval fails; a round trip above 1 s warns (own). A peer that speaks first on a new session is unknown. Dialects: iso87-ascii, iso87-binary, iso87-ebcdic, iso93.',
    'zh-CN':
      '与交换机构或收单机构建立自己的会话，发送一次网络管理回响测试（0800，域 70 = 301；ISO 8583:1993 为 1804，功能码 831）并读取一个应答。它构造不出别的报文：不能签到、不能交换密钥、不能动账。需显式选用：只在站点档案写明 `second_session: true` 时执行，因为只允许一个会话的对端会断开生产会话；并且跨多次运行也不会比 `min_interval`（300 秒）更频繁：上次回响的时间保存在状态目录（`pace/`），各用户有自己的状态目录则各记各的，没有记录则不发送。连接不上、无应答、应答为其他报文、流水号（11 域）不同或应答码（39 域）不是成功即失败；往返超过 1 秒警告（自定）。会话一建立对端就先发报文时结果未知。方言：iso87-ascii、iso87-binary、iso87-ebcdic、iso93。',
  },
  'iso8583.traffic': {
    en: 'Reads what the switch writes about its line to the acquirer or network: whether the line stands, what is not answered, what cannot be decoded, the mix of DE39 against the window before, latency, and where failures gather (BIN, terminal, merchant). Sends nothing. Judges the last two minutes. Codes of a technical fault (91, 96, 68, ...; 912, 909, 911, ... in ISO 8583:1993) warn above 2 % and fail above 5 % of the answers, tested exactly; ordinary declines only when they have tripled. The numbers are our own.',
    'zh-CN':
      '读取交换程序记录的、它与收单机构或卡组织之间线路的情况：线路是否在、哪些没有应答、哪些无法解码、DE39 的分布与前一窗口的比较、延迟，以及失败集中在哪里（BIN、终端、商户）。不发送任何内容。判断最近两分钟。技术故障码（91、96、68 等；ISO 8583:1993 为 912、909、911 等）超过应答的 2 % 警告，超过 5 % 失败，按精确检验；普通拒绝只有增至三倍才算。数值均为自定。',
  },
  'mtu.path': {
    en: 'Sends packets that may not be split (ping -M do) to a host and finds the largest usual size that comes back. Less than `mtu` (1500) warns; when nobody says why, connections open and then hang at the first large answer. Own rule. IPv4 only. Where ping is not answered at all the answer is unknown. Works without privileges where ping does.',
    'zh-CN':
      '向主机发送不可分片的数据包（ping -M do），找出能返回的最大常用尺寸。小于 `mtu`（1500）警告；途中设备不告知时，连接能建立，但第一个大应答就会卡住。自定规则。仅 IPv4。对方完全不应答 ping 时结果未知。ping 可用时不需要特权。',
  },
  'net.arp_dup': {
    en: 'Asks the local network who else has the addresses of this host (arping -D of iputils, two questions for each): an answer fails (own rule), since connections then reach now one host and now the other. It sends packets to peers, so it is opt-in, and wants root. An address that a cluster moves between hosts (VRRP) must answer once only, too. IPv4 only.',
    'zh-CN':
      '在本地网络上询问还有谁占用本机的地址（iputils 的 arping -D，每个地址问两次）：有应答即失败（自定规则），因为连接会时而到这台、时而到那台。它会向其他主机发包，因此需显式选用，并需要 root。由集群在主机间漂移的地址（VRRP）也只应有一个应答。仅 IPv4。',
  },
  'net.bandwidth': {
    en: 'Traffic of one second, in the busier direction, against the speed of the interface or `capacity_mbps`: warns above 90 % (Netdata net.conf, clears below 85 %), fails above 98 %. Virtual cards do not tell their speed: not-applicable unless `capacity_mbps` says it. Works without privileges.',
    'zh-CN':
      '一秒内较忙方向的流量与接口速率或 `capacity_mbps` 的比较：超过 90 % 警告（Netdata net.conf，回到 85 % 以下恢复），超过 98 % 失败。虚拟网卡不报告速率：没有 `capacity_mbps` 时不适用。不需要特权。',
  },
  'net.dns': {
    en: 'Resolves a name through the system or through given resolvers, one try each. IPv6 is asked only where IPv4 has no address or `expect` names one: a resolver that refuses AAAA breaks nobody. Resolvers that share no address disagree (warn: it may be geographic); one that denies the name while another has it fails.',
    'zh-CN':
      '通过系统或指定的解析器解析域名，各试一次。只有 IPv4 没有地址或 `expect` 写了 IPv6 时才查询 IPv6：拒绝 AAAA 的解析器不会影响任何人。各解析器给出的地址没有交集视为不一致（警告：可能是按地域解析）；一个解析器否认该域名而另一个有，则失败。',
  },
  'net.errors': {
    en: 'Link, errors, drops and link changes of network interfaces, over one second and since boot. Only what happens during the sample can fail; totals warn (errors above 1 %, drops above 2 %, ten link changes). A share that chance explains does not count (exact binomial, 5 %); five checksum errors within the second warn at any load. An interface that is switched on without a link fails when it is declared, leads to the default gateway, or is the only one.',
    'zh-CN':
      '网络接口的链路、错误、丢包和链路变化，取一秒内和启动以来的数值。只有抽样期间发生的才会失败；累计值只警告（错误超过 1 %、丢包超过 2 %、链路变化十次）。可由偶然解释的占比不计（精确二项检验，5 %）；一秒内五个校验和错误在任何负载下都警告。已启用但无链路的接口，如已声明、通往默认网关或是唯一的接口，则失败。',
  },
  'net.firewall': {
    en: "Follows a new TCP connection through this machine's own packet filter (nft, else iptables-save) and says which rule stops it, on the way out or the answers on the way in. With `inbound`, through the connection of somebody else to a port of this machine; not applicable where the address belongs to another one. A rule that depends on what cannot be seen from outside (owner, mark, rate) only warns. Says nothing about firewalls elsewhere.",
    'zh-CN':
      '沿着一个新的 TCP 连接走一遍本机自己的包过滤规则（nft，没有则 iptables-save），指出出方向或返回方向的应答被哪条规则拦下。给出 `inbound` 时，检查他人到本机某端口的连接；地址属于另一台机器时不适用。取决于外部看不到的条件（属主、标记、速率）的规则只警告。别处的防火墙不在其内。',
  },
  'net.gateway': {
    en: 'Default route, its interface, and whether the gateway answers on the local network: what the kernel knows of it, after one TCP knock where it was not sure. A gateway that answers neighbours but not TCP is well.',
    'zh-CN':
      '默认路由、其接口，以及网关在本地网络上是否应答：以内核所知为准，不确定时先做一次 TCP 连接。只应答邻居发现、不应答 TCP 的网关是正常的。',
  },
  'net.http': {
    en: 'Asks a URL and times each phase. The certificate is not verified here (tls.cert owns it), so that a bad one hides nothing behind it. Redirects are not followed. Every sample is kept; two silent samples in a row end the sampling of an address. Share of failed samples: warn from 10 %, fail from 40 % (Netdata httpcheck.conf).',
    'zh-CN':
      '请求一个 URL 并记录各阶段耗时。此处不验证证书（由 tls.cert 负责），以免坏证书掩盖其后的问题。不跟随重定向。保留每次采样；同一地址连续两次无应答即停止采样。失败采样占比达到 10 % 警告，达到 40 % 失败（Netdata httpcheck.conf）。',
  },
  'net.ping': {
    en: 'Pings a host; without ICMP (no ping, no permission, filtered) it connects to `port` instead and says so. Lost pings alone never fail where TCP works without retransmission. No answer and no port to try is unknown, because many networks drop ICMP. With `size`, a large packet that takes much longer than a small one has met a full or narrow line. Round trip: warn above 200 ms, fail above 500 ms (check_icmp).',
    'zh-CN':
      'ping 一台主机；不能用 ICMP 时（没有 ping、无权限、被过滤）改为连接 `port`，并会说明。TCP 正常且没有重传时，仅 ping 丢包不会失败。无应答且没有端口可试时结果未知，因为很多网络丢弃 ICMP。给出 `size` 时，大包耗时远多于小包说明线路已满或过窄。往返超过 200 毫秒警告，超过 500 毫秒失败（check_icmp）。',
  },
  'net.route': {
    en: "Asks this machine's routing table which way packets to an address would take. Says nothing about what lies beyond the first hop.",
    'zh-CN': '询问本机路由表到某地址的数据包会走哪条路。第一跳之后的情况不在其内。',
  },
  'net.softnet': {
    en: 'Packets that the kernel dropped before any program saw them (queue full) and times it ran out of its budget, over one second of /proc/net/softnet_stat: warns above 10 a minute, as Netdata softnet.conf (clears at 0). Cure: spread interrupts over processors, raise net.core.netdev_max_backlog or netdev_budget. Works without privileges; in a container the numbers are those of the host.',
    'zh-CN':
      '一秒内 /proc/net/softnet_stat 中，在任何程序看到之前就被内核丢弃的数据包（队列已满）和处理预算用尽的次数：超过每分钟 10 次警告，同 Netdata softnet.conf（回到 0 恢复）。办法：把中断分散到多个处理器，调大 net.core.netdev_max_backlog 或 netdev_budget。不需要特权；在容器中数值属于整台主机。',
  },
  'net.tcp': {
    en: 'Opens and closes TCP connections. A URL or connection string given as a secret is read for its host and port only. Every address behind the name is tried, and every host of a string that names several.',
    'zh-CN':
      '建立并关闭 TCP 连接。以密钥形式给出的 URL 或连接串只读取其中的主机和端口。域名背后的每个地址都会尝试，连接串写了多个主机时每个主机都会尝试。',
  },
  'order.queue': {
    en: 'Sorts the orders that wait for a payment by the tier of the customer, the amount and the age, gives each a caller, a second person who releases it and a time to call by, and says how many callers reach all before they end, or that some end before one call is over (own rule). Orders that are paid, given back, cancelled, closed or out of time are left out; of an order with several rows the last counts, and one that was ever paid waits for nobody. An order in processing is asked for at the channel first, even past its time, for its money may have moved. Tiers: the words of `tiers`; without them levels that are all numbers (3, VIP3), the higher first, else the usual words, and yes or 1 in a column vip. Within a tier the currency of most orders comes first, for figures of two currencies cannot be compared. Status words that nobody knows, or a table without these columns, are unknown and never an empty queue. The export is a CSV or JSON lines with order_no, amount, status, and where there are tier, customer, time, pay_until; it needs no card data, what looks like some is masked, and of a customer only the end of the number is kept. oor report SESSION --template vip-queue writes the queue as a table to work through; a bundle holds it.',
    'zh-CN':
      '按客户等级、金额和等待时间对等待付款的订单排序，为每笔安排一名致电人、一名放行的复核人和致电时限，并说明要几名致电人才能在到期前联系完，或有订单在一次通话结束前就会到期（自定规则）。已付、已退、已取消、已关闭或已过期的订单不列入；同一订单有多行时以最后一行为准，曾付成功的不再列入。处理中的订单即使过期也先向渠道查询，因为资金可能已经动了。等级按 `tiers` 的用词；未给出时，全为数字的等级（3、VIP3）高者在前，否则按常用词，vip 列的 是/yes/1 视为 VIP。同一等级内订单最多的币种在前，因为不同币种的金额不可比。状态词无法识别或缺少这些列时结果为未知，绝不当作空队列。导出文件为含 order_no、amount、status 的 CSV 或 JSON 行，有 tier、customer、time、pay_until 时一并使用；不需要卡数据，疑似卡数据的内容会被掩码，客户号码只保留末尾。oor report SESSION --template vip-queue 把队列写成可逐项处理的表；证据包中也有它。',
  },
  'pay.hsm': {
    en: 'Connects to a hardware security module and, where `command` gives the status command of its vendor (payShield: `0000NC`, answered by `0000ND00`), sends it behind two bytes of length and compares how the answer begins. No connection, no answer and an error code fail; an answer that takes longer than 1 s warns (own). Give a command that only reports: what it does is up to the module, so the check is opt-in. Nothing of the answer but its beginning is kept. Not-applicable without `host` and `port`.',
    'zh-CN':
      '连接加密机（HSM）；`command` 给出厂商的状态命令时（payShield：`0000NC`，应答 `0000ND00`），加两字节长度后发送，并比较应答的开头。连接不上、无应答和错误码即失败；应答超过 1 秒警告（自定）。请给出只报告状态的命令：命令的后果由加密机决定，因此本检查需显式选用。应答只保留开头。没有 `host` 和 `port` 时不适用。',
  },
  'provider.query': {
    en: 'Asks a provider for an order that nobody made, signed with the real key: "not found" is the healthy answer, and proves name, route, TLS, key, clock and permission in one request. WeChat Pay v3, Alipay (RSA2), UnionPay online (RSA), Stripe, Adyen, PayPal, or a GET of your own with header templates. Every other documented answer has a word of its own. Only these queries can be expressed: nothing charges, captures, refunds, voids, closes, signs on or exchanges keys. Secrets are named by {env} or {file}. Never more often than min_interval (60 s), across runs. Times over 1 s warn and over 3 s fail (own).',
    'zh-CN':
      '用真实密钥签名，向渠道查询一笔无人下过的订单："订单不存在" 就是健康的应答，一次请求即证明域名、路由、TLS、密钥、时钟和权限都正常。支持微信支付 v3、支付宝（RSA2）、银联在线（RSA）、Stripe、Adyen、PayPal，或自己的带请求头模板的 GET。其他有文档的应答各有说法。只能表达这些查询：不扣款、不请款、不退款、不撤销、不关单、不签到、不交换密钥。密钥用 {env} 或 {file} 引用。跨多次运行也不会比 min_interval（60 秒）更频繁。耗时超过 1 秒警告，超过 3 秒失败（自定）。',
  },
  'tcp.conntrack': {
    en: 'Entries of the connection tracking table against nf_conntrack_max: warns above 90 % (clears below 85 %), fails above 95 % (clears below 90 %), as Netdata netfilter.conf; node-problem-detector speaks at 90 %, the Prometheus node mixin at 75 %. New connections that were dropped during the sample of one second fail at once. Not-applicable without the module. Works without privileges.',
    'zh-CN':
      '连接跟踪表条目与 nf_conntrack_max 的比较：超过 90 % 警告（回到 85 % 以下恢复），超过 95 % 失败（回到 90 % 以下恢复），同 Netdata netfilter.conf；node-problem-detector 在 90 % 告警，Prometheus node mixin 在 75 %。一秒抽样期间有新连接被丢弃则立即失败。没有该模块时不适用。不需要特权。',
  },
  'tcp.mem': {
    en: 'Memory of all TCP buffers (/proc/net/sockstat) against the marks of net.ipv4.tcp_mem: warns above the pressure mark, where the kernel shrinks buffers, and fails above 90 % of the limit, where it drops data (Netdata tcp_mem.conf). The marks belong to the whole host, in a container too. Works without privileges.',
    'zh-CN':
      '全部 TCP 缓冲区占用的内存（/proc/net/sockstat）与 net.ipv4.tcp_mem 各界限的比较：超过压力界限警告，此时内核开始缩小缓冲区；超过上限的 90 % 失败，此时内核开始丢弃数据（Netdata tcp_mem.conf）。界限属于整台主机，在容器中也一样。不需要特权。',
  },
  'tcp.orphans': {
    en: 'TCP connections that no program holds any more and that still close down (/proc/net/sockstat), against net.ipv4.tcp_max_orphans: warns above 25 % (clears below 20 %), fails above 50 % (clears below 25 %), as Netdata tcp_orphans.conf: the kernel may count one of them as several. Above the limit connections are reset. Works without privileges.',
    'zh-CN':
      '已没有程序持有、仍在关闭中的 TCP 连接（/proc/net/sockstat）与 net.ipv4.tcp_max_orphans 的比较：超过 25 % 警告（回到 20 % 以下恢复），超过 50 % 失败（回到 25 % 以下恢复），同 Netdata tcp_orphans.conf：内核可能把一个算作几个。超过上限后连接会被重置。不需要特权。',
  },
  'tcp.peer': {
    en: 'Reads from the socket tables of this machine whether connections to a peer stand, wait for an answer to their SYN, or carry data that nobody acknowledges. Opens none: for peers that allow one session only. With `persistent`, no connection at all is a failure.',
    'zh-CN':
      '从本机套接字表读取到某对端的连接是否存在、是否在等 SYN 的应答、是否有数据无人确认。不建立任何连接：适用于只允许一个会话的对端。给出 `persistent` 时，完全没有连接即失败。',
  },
  'tcp.ports': {
    en: 'Local ports in use towards each destination against ip_local_port_range, TIME_WAIT included: a connection needs a port that is free towards that destination. Also leaked connections (CLOSE_WAIT, warn above 100) and half-open ones (SYN_RECV). Thresholds are our own; no other tool has them.',
    'zh-CN':
      '到每个目的地已用的本地端口与 ip_local_port_range 的比较，TIME_WAIT 计入：连接需要一个对该目的地空闲的端口。另外统计泄漏的连接（CLOSE_WAIT，超过 100 警告）和半开连接（SYN_RECV）。阈值为自定，没有其他工具提供。',
  },
  'tcp.resets': {
    en: 'Resets sent and established connections reset during one second (/proc/net/snmp OutRsts, EstabResets) against the mean since boot: warns above ten times the usual, the usual counted as 5 a second at least (Netdata tcp_resets.conf, which compares with the minute before). Never fails: a spike of resets is a trace of a fault, not the fault. Counters are those of the network namespace.',
    'zh-CN':
      '一秒内发出的重置和被重置的已建立连接（/proc/net/snmp 的 OutRsts、EstabResets）与启动以来均值的比较：超过平常的十倍警告，平常值至少按每秒 5 次计（Netdata tcp_resets.conf，其与前一分钟比较）。不会失败：重置突增是故障的痕迹，不是故障本身。计数属于网络命名空间。',
  },
  'tcp.retrans': {
    en: 'Share of TCP segments sent twice during one second (/proc/net/snmp RetransSegs against OutSegs), warn above 2 %, fail above 5 %, our own numbers; a share that chance explains does not count (exact binomial, 5 %). Traffic that stays on this host is counted too and dilutes the share. Counters are those of the network namespace. Repeated connection attempts (SYN) are told apart. Three segments with a wrong TCP, UDP or ICMP checksum within the second fail.',
    'zh-CN':
      '一秒内重复发送的 TCP 段占比（/proc/net/snmp 的 RetransSegs 与 OutSegs）：超过 2 % 警告，超过 5 % 失败，数值自定；可由偶然解释的占比不计（精确二项检验，5 %）。留在本机的流量也计入，会稀释占比。计数属于网络命名空间。重复的建连请求（SYN）单独区分。一秒内三个 TCP、UDP 或 ICMP 校验和错误的报文即失败。',
  },
  'tcp.waiting': {
    en: 'Looks six times within three seconds at the connections of this machine to a peer (ss): one that has sent and received nothing since is a request without an answer yet. Sends nothing; sees how slow a peer is to the real requests, which a health page need not show. Says whether the data were acknowledged: then the program there is slow, else the network. Where session tickets of TLS came late, waiting and idle look alike: that is a warning at most. For protocols in which the peer answers every request; one long query also shows as a wait.',
    'zh-CN':
      '三秒内六次查看本机到某对端的连接（ss）：其间既没有发送也没有接收的连接，就是尚无应答的请求。不发送任何内容；看到的是对端对真实请求有多慢，健康页未必能反映。会说明数据是否已被确认：已确认则是对端程序慢，否则是网络问题。TLS 会话票据迟到时，等待与空闲看起来一样：最多警告。适用于每个请求都有应答的协议；一条耗时查询也会显示为等待。',
  },
  'time.offset': {
    en: 'Asks time servers (SNTP) and as witnesses the Date headers of HTTP servers; where none of them tells, chrony. The largest group of clocks that agree is held for true; a server outside it is named. Half of the round trip is always given to the benefit of the doubt.',
    'zh-CN':
      '询问时间服务器（SNTP），并以 HTTP 服务器的 Date 头作旁证；都没有时询问 chrony。互相一致的最大一组时钟视为正确；组外的服务器会被指出。判断时总是扣除往返时间的一半。',
  },
  'time.sync': {
    en: 'Whether a time service keeps the clock: chrony, else systemd (timedatectl), else the kernel (adjtimex). Not synchronised is a warning from 17 minutes after boot on (Netdata timex.conf); PCI DSS v4.0.1 10.6 requires synchronised clocks.',
    'zh-CN':
      '是否有时间服务在校准时钟：chrony，没有则 systemd（timedatectl），再没有则内核（adjtimex）。启动 17 分钟后仍未同步则警告（Netdata timex.conf）；PCI DSS v4.0.1 10.6 要求时钟同步。',
  },
  'tls.cert': {
    en: 'Makes a TLS handshake with every address behind the name and judges the worst: dates, name, and the chain exactly as sent, against the trust store and `ca_file`. An unexpired certificate is no outage: warn below 14 days, fail with the code `expiring` below 7 (Netdata x509check.conf). Weak keys and signatures, a wrong order, stores of this machine that disagree (system, Mozilla, Java), nodes with different certificates and a stapled OCSP answer are findings. That answer is verified against the issuer that was sent; `revoked` fails. Revocation is not looked up beyond it: neither lists nor OCSP servers are asked over the network.',
    'zh-CN':
      '与域名背后的每个地址做 TLS 握手，按最差的判断：有效期、名称，以及原样发来的证书链，用信任库和 `ca_file` 校验。未过期的证书不是中断：不足 14 天警告，不足 7 天以 `expiring` 失败（Netdata x509check.conf）。弱密钥和弱签名、顺序错误、本机各信任库不一致（系统、Mozilla、Java）、各节点证书不同、装订的 OCSP 应答都会给出结论。该应答用发来的签发者证书校验；`revoked` 即失败。除此之外不查吊销：不通过网络查询吊销列表或 OCSP 服务器。',
  },
} satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;
