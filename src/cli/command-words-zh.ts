/** What the commands and flags say of themselves, in Chinese; by the English text. */
export const COMMAND_WORDS_ZH: Readonly<Record<string, string>> = {
  'from "payments are failing" to a proven cause, a verified fix and an evidence bundle': '从“支付失败”到证实的原因、验证过的修复和证据包',
  'print the version': '打印版本',
  'print this help': '打印本帮助',
  'print one JSON object and nothing else': '只打印一个 JSON 对象',
  'print every event as one JSON line': '每个事件打印一行 JSON',
  'never ask; a missing answer that decides the outcome exits 3': '不提问；缺少决定结果的答案时退出码为 3',
  'what people see; chooses the playbook, at most weak evidence': '用户看到的现象；用于选择剧本，最多算弱证据',
  'answers by question id (YAML or JSON)': '按问题 id 给出的答案文件（YAML 或 JSON）',
  'one answer (repeatable)': '一个答案（可重复）',
  'one input of the playbook, or parameter of the one check named (repeatable)': '剧本的一个输入，或所指定检查的一个参数（可重复）',
  'the site profile, oor.yaml': '站点档案 oor.yaml',
  'en or zh-CN': '语言：en 或 zh-CN',
  'auto, always or never': '颜色：auto、always 或 never',
  'no characters beyond ASCII': '只用 ASCII 字符',
  'plain lines, nothing is redrawn': '只打印普通行，不重绘',
  'only the result': '只输出结果',
  'stack traces of errors': '出错时打印调用栈',
  'plan fixes, apply none': '只规划修复，不执行',
  'end the whole run by then': '整个运行的时限',
  'how far back logs are read': '日志回看多久',
  'how long ago the window of the logs ends; default: now': '日志窗口在多久之前结束；默认：现在',
  'with run and resume: pack the evidence into this .tar.gz, redacted and signed': '用于 run 和 resume：把脱敏并签名的证据打包成此 .tar.gz',
  'consent to this fix (repeatable)': '同意执行该修复（可重复）',
  'run a playbook file that another user could have written': '运行可能由其他用户写入的剧本文件',
  'of the result: text, json, md, html, junit, csv; `oor check` knows text, json, jsonl, junit, tap, nagios, prometheus, markdown, github; `oor playbook`: sarif, github, mermaid, svg, md':
    '结果格式：text、json、md、html、junit、csv；`oor check` 支持 text、json、jsonl、junit、tap、nagios、prometheus、markdown、github；`oor playbook`：sarif、github、mermaid、svg、md',
  'write the report there too: html=incident.html (repeatable)': '另外把报告写到文件：html=incident.html（可重复）',
  'lowest status that makes `oor check` exit 1; warn: `oor playbook lint` exits 65 for warnings too':
    '使 `oor check` 以 1 退出的最低状态；warn：`oor playbook lint` 有警告时也以 65 退出',
  'few probes at once': '同时只做少量探测',
  'where sessions are kept': '会话的保存目录',
  'look at this machine, ask little, write oor.yaml (the site profile)': '查看本机，少量提问，写出 oor.yaml（站点档案）',
  'replace the file if it exists': '文件已存在时替换',
  'walk the eight steps: confirm, evidence, hardware, software, network, verify, fix, validate':
    '执行八步：确认、取证、硬件、软件、网络、验证原因、修复、验收',
  'run against the embedded stack; --sandbox[=FAULT|none], FAULT only after =':
    '针对内置支付系统运行；--sandbox[=故障|none]，故障只能写在 = 之后',
  'only the automatic checks: for cron, monitoring, CI': '只做自动检查：用于 cron、监控、CI',
  'the checks of this playbook: a shipped name or a file (default: payment-gateway)':
    '该剧本的检查：内置名称或文件（默认：payment-gateway）',
  'every check there is': '列出所有检查',
  'what a check looks at and where its thresholds come from': '检查看什么，阈值从哪里来',
  'only checks with this tag: area, phase, list, name, kind or role of the target (repeatable)':
    '只做带此标签的检查：领域、阶段、目标的列表、名称、类型或角色（可重复）',
  'only checks of this phase (repeatable)': '只做该阶段的检查（可重复）',
  'run what failed again until it is good, at most this long': '重跑失败项直到恢复，最长这么久',
  'with --retry-for: how often (default 5s)': '配合 --retry-for：多久一次（默认 5s）',
  'a failure counts when n of at most m probes see it, for example 2/3 or 2/3@500ms':
    '最多 m 次探测中有 n 次看到才算失败，例如 2/3 或 2/3@500ms',
  'write the result there, in one step, instead of stdout': '把结果一次性写入该文件，而不是标准输出',
  'on a healthy day: keep packages, configuration, units, listeners, routes, certificates, names, versions':
    '在正常日：记录软件包、配置、服务、监听、路由、证书、域名、版本',
  'in an incident: what changed since that snapshot': '故障时：自该快照以来的变化',
  'go on where a session stopped': '从会话停下处继续',
  'list, show ID, delete ID': '列出、show ID、delete ID',
  'with delete: every session older than this': '配合 delete：删除早于该时长的所有会话',
  'what happens in a session, from a second terminal, as it happens; the newest one by default; --jsonl: its records':
    '在第二个终端实时查看会话；默认最新一个；--jsonl：输出其记录',
  'the report of a session or a bundle: --format text, json, md, html, junit, csv; --report FORMAT=FILE':
    '会话或证据包的报告：--format text、json、md、html、junit、csv；--report 格式=文件',
  'opens an encrypted bundle: an age identity file': '打开加密的证据包：age 身份文件',
  'create SESSION, verify FILE, inspect FILE, analyze FILE, diff FILE FILE|SNAPSHOT, extract FILE [ENTRY...] [--out FOLDER], merge FILE FILE... --out FILE':
    '证据包：create 会话、verify 文件、inspect 文件、analyze 文件、diff 文件 文件|快照、extract 文件 [条目...] [--out 目录]、merge 文件 文件... --out 文件',
  'with create and merge: the file to write; with extract: the folder to make':
    '配合 create 和 merge：要写的文件；配合 extract：要新建的目录',
  'whose signatures count, as ssh-keygen -Y verify reads it': '认可谁的签名，格式同 ssh-keygen -Y verify',
  'with verify: the head that the journal is known to have': '配合 verify：已知的日志链头',
  'with analyze: judge by this playbook instead of the shipped one of today': '配合 analyze：用此剧本代替当前内置剧本来判断',
  'sign the bundle with this Ed25519 key (default: one of the state folder)': '用此 Ed25519 私钥签名证据包（默认：状态目录中的密钥）',
  'a bundle that nobody signs': '不签名',
  'encrypt the bundle with age to this recipient (repeatable)': '用 age 加密给该接收者（可重复）',
  'hosts, addresses, phones, identity numbers and accounts leave under names that stand for them':
    '主机、地址、电话、证件号和账号以代称输出',
  'pseudonyms stay the same within it; the key stays in the state folder': '同一事件内代称保持一致；密钥留在状态目录',
  'of the evidence in the bundle, for example 4M (default 16M)': '证据包内证据的大小上限，例如 4M（默认 16M）',
  'explain an ISO 8583 message (hex, base64, dump, file, -) or an answer code; --jsonl FILE: one hex a line':
    '解释 ISO 8583 报文（hex、base64、dump、文件、-）或应答码；--jsonl 文件：每行一条 hex',
  'iso87-ascii, iso87-binary, iso87-ebcdic, iso93, unionpay-pos or a YAML file; default: found out':
    'iso87-ascii、iso87-binary、iso87-ebcdic、iso93、unionpay-pos 或 YAML 文件；默认：自动识别',
  'len2-binary, len4-ascii-tpdu, none, ...; default: found out': 'len2-binary、len4-ascii-tpdu、none 等；默认：自动识别',
  'for a code: whose code it is': '应答码属于谁',
  'orders against provider statements: omissions, double charges, repairs': '订单与渠道账单对账：漏单、重复扣款、修复办法',
  'what this side believes: CSV, TSV or JSON lines': '本方订单：CSV、TSV 或 JSON 行',
  'what the providers say; all channels together': '渠道账单；可同时给出所有渠道',
  'of times that name none: +08:00, Asia/Shanghai (default: UTC)': '未注明时区的时间所属时区：+08:00、Asia/Shanghai（默认 UTC）',
  'YAML that tells what the columns of a table mean': '说明表格各列含义的 YAML 文件',
  'print the SQL instead of running it': '打印 SQL 而不执行',
  'write what is to be done of each difference there, for two people to approve; nothing is ever sent':
    '把每处差异的处理写入该文件，由两人批准；不会发送任何请求',
  'is it unchanged, and is each repair approved by two people?': '该文件是否未被改动，每项处理是否已由两人批准？',
  'clean standard input, files or folders of card data and secrets; the cleaned text goes to stdout':
    '清除标准输入、文件或目录中的卡数据和密钥；结果输出到标准输出',
  'write each file there under its own name instead': '改为以原文件名写入该目录',
  'hosts, addresses, phones, identity numbers and accounts too, each under one name throughout':
    '主机、地址、电话、证件号和账号也替换，同一对象用同一代称',
  'card numbers as mask (first six and last four digits) or pseudonym': '卡号显示为掩码（前六后四）或代称',
  'card: leave secrets alone': 'card：不处理密钥',
  'what was removed: a JSON line each with item, line and rule': '被移除内容的清单：每项一行 JSON，含文件、行号和规则',
  'list, show NAME, lint [FILE...], graph NAME, test [FILE...], record SESSION, new NAME, schema [profile], coverage':
    'list、show 名称、lint [文件...]、graph 名称、test [文件...]、record 会话、new 名称、schema [profile]、coverage',
  'with graph: only this cause, with what leads to it and what repairs it': '配合 graph：只画该原因、其依据和修复',
  'with test: which evidence and which checks no incident needs': '配合 test：哪些证据和检查没有任何故障用到',
  'with graph, record and new: the file to write': '配合 graph、record 和 new：要写的文件',
  'with new: replace the file if it exists': '配合 new：文件已存在时替换',
  'a letter filled from the session: customer-sms, customer-banner, customer-mail, merchant-notice, provider-ticket, bank-limit-request, regulator-report, compensation, handover, postmortem, audit, vip-queue':
    '由会话生成的文书：customer-sms、customer-banner、customer-mail、merchant-notice、provider-ticket、bank-limit-request、regulator-report、compensation、handover、postmortem、audit、vip-queue',
  'practise on a recorded or simulated incident, scored; --answers FILE: the moves, without a terminal':
    '用已记录或模拟的故障进行计分演练；--answers FILE：无终端时的操作清单',
  'every drill, with what you scored': '所有演练及你的得分',
  'minutes of the incident for a minute of thinking (default 1)': '思考一分钟折合事件多少分钟（默认 1）',
  'the order in which moves are offered': '选项的排列顺序',
  "the expert's moves, in the form that --answers takes": '专家的操作清单，格式与 --answers 相同',
  'the embedded payment stack: faults (list them), start, control': '内置支付系统：faults（列出故障）、start、control',
  'with start: switch this fault on': '配合 start：打开该故障',
  'the folder of the stack': '内置系统的目录',
  'what oor cannot see on this machine and what would let it': 'oor 在本机看不到什么，以及怎样才能看到',
  'it was called a major incident then: now, 20m (ago), 2026-01-31T03:10+08:00; limits of regulators count from it':
    '定级为重大事件的时间：now、20m（前）、2026-01-31T03:10+08:00；监管时限由此起算',
  'the regulator first heard of it then': '首次向监管通报的时间',
  'into the journal of a session, also while another terminal runs it: oor note "the bank calls back" [SESSION]; - reads a pipe':
    '记入会话日志，另一终端正在运行时也可以：oor note "银行稍后回电" [会话]；- 从管道读取',
  'whom a run tells of an incident (notify: in oor.yaml; nobody without it)': '运行时通知谁（oor.yaml 的 notify:；没有则不通知任何人）',
  'send each of them a message that nothing is wrong; with --dry-run only show it': '给每个对象发送一条测试消息；加 --dry-run 只显示不发送',
  'a topic, a command, a check or a cause: oor help exit-codes, oor help tls.expired':
    '主题、命令、检查或原因：oor help exit-codes、oor help tls.expired',
  'the manual page oor(1): oor help --man | man -l -': '手册页 oor(1)：oor help --man | man -l -',
  'bash, zsh or fish: a script that completes commands, flags, playbooks, checks, sessions':
    'bash、zsh 或 fish：补全命令、参数、剧本、检查、会话的脚本',
};

/** Of commander. */
export const HELP_TITLES_ZH: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Global Options:': '全局选项：',
  'Commands:': '命令：',
};

export const HELP_ZH = `
退出码：0 正常或已修复，1 发现故障，2 用法错误，3 需要答案，4 已中止，5 修复失败已回退，6 回退失败，
  7 无定论，8 将有卡数据或密钥外泄，9 记录被改动或损坏，10 没有签名，11 签名密钥无人认识，
  12 剧本不受信任，65 文件无效，70 内部错误，129/130/143 被中断

主题：oor help exit-codes | environment | profile | sessions | playbooks | redaction | fixes | notify

示例：
  oor run                              用 ./oor.yaml 查出支付为何失败
  oor run --sandbox=tls-expired        在内置系统上演练，故障是真的
  oor check --json                     供监控使用`;
