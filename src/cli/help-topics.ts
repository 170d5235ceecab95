/** What is asked at 3 a.m. and belongs to no single command: `oor help TOPIC`, and the sections of oor(1). */
import type { Language, Text } from '../ports.ts';

export interface HelpTopic {
  readonly id: string;
  readonly title: Required<Text>;
  /** Paragraphs; a line that begins with two blanks is typed or written as it stands. */
  readonly text: Required<Text>;
}

export const HELP_TOPICS: readonly HelpTopic[] = [
  {
    id: 'exit-codes',
    title: { en: 'Exit codes', 'zh-CN': '退出码' },
    text: {
      en: `The exit code of every command is its answer; text never has to be read for it.

  0    healthy, or fixed and validated
  1    fault found, not fixed; mitigated and waiting for others included
  2    wrong usage
  3    an answer is needed and nobody can give it: --answer ID=VALUE
  4    aborted by the operator
  5    a fix failed and was rolled back
  6    a rollback failed
  7    inconclusive: too much could not be seen
  8    the export gate refused: card data or a secret would have left
  9    a journal or bundle was altered or damaged
  10   the bundle is not signed
  11   it is signed by a key that nobody here knows
  12   the playbook file could have been written by somebody else
  65   invalid playbook, profile, archive or input file
  70   internal error
  129, 130, 143   interrupted by SIGHUP, SIGINT, SIGTERM; resume with: oor resume

oor check: 0 nothing failed, 1 a check failed (--fail-on warn|fail|unknown changes it), 7 nothing could be checked. With --format nagios: 0, 1, 2, 3 as a plugin.`,
      'zh-CN': `每个命令的退出码就是它的答案，不必读取文字。

  0    正常，或已修复并验证
  1    发现故障，未修复（含已止损和等待第三方）
  2    用法错误
  3    需要一个答案而无人能给：--answer ID=值
  4    操作员中止
  5    修复失败，已回退
  6    回退失败
  7    无定论：看不到的太多
  8    出口检查拒绝：将有卡数据或密钥外泄
  9    日志或证据包被改动或损坏
  10   证据包没有签名
  11   签名的密钥无人认识
  12   剧本文件可能由他人写入
  65   剧本、档案、归档或输入文件无效
  70   内部错误
  129、130、143   被 SIGHUP、SIGINT、SIGTERM 中断；继续：oor resume

oor check：0 没有失败，1 有检查失败（--fail-on warn|fail|unknown 可改变），7 什么都没能检查。--format nagios 时按插件返回 0、1、2、3。`,
    },
  },
  {
    id: 'environment',
    title: { en: 'Environment', 'zh-CN': '环境变量' },
    text: {
      en: `A flag wins over its environment twin, which wins over the default. Switches are off when empty, 0, false or no.

  OOR_PROFILE, OOR_STATE_DIR, OOR_LANG, OOR_COLOR, OOR_ASCII, OOR_ACCESSIBLE, OOR_QUIET, OOR_DEBUG
  OOR_JSON, OOR_JSONL, OOR_FORMAT, OOR_FAIL_ON, OOR_SINCE, OOR_UNTIL, OOR_DEADLINE, OOR_GENTLE
  OOR_SYMPTOM, OOR_ANSWERS, OOR_DRY_RUN, OOR_TRUST, OOR_BUNDLE, OOR_SIGN_KEY, OOR_AGE_IDENTITY, OOR_ALLOWED_SIGNERS
  OOR_INPUT_NAME       an input of the playbook, as --set name=VALUE
  OOR_NO_INPUT, CI     never ask
  LC_ALL, LC_MESSAGES, LANG   the language where neither --lang nor OOR_LANG says it: zh* is Chinese, else English
  NO_COLOR, FORCE_COLOR, TERM=dumb   colour and plain lines as usual
  XDG_CONFIG_HOME, XDG_STATE_HOME    where the profile and the sessions are looked for

Secrets have no flag. The profile names them ({env: NAME}, {file: PATH}), and they are read where they are used.`,
      'zh-CN': `参数优先于同名环境变量，环境变量优先于默认值。开关的值为空、0、false 或 no 时表示关闭。

  OOR_PROFILE, OOR_STATE_DIR, OOR_LANG, OOR_COLOR, OOR_ASCII, OOR_ACCESSIBLE, OOR_QUIET, OOR_DEBUG
  OOR_JSON, OOR_JSONL, OOR_FORMAT, OOR_FAIL_ON, OOR_SINCE, OOR_UNTIL, OOR_DEADLINE, OOR_GENTLE
  OOR_SYMPTOM, OOR_ANSWERS, OOR_DRY_RUN, OOR_TRUST, OOR_BUNDLE, OOR_SIGN_KEY, OOR_AGE_IDENTITY, OOR_ALLOWED_SIGNERS
  OOR_INPUT_NAME       剧本的输入，等同 --set name=值
  OOR_NO_INPUT, CI     不提问
  LC_ALL, LC_MESSAGES, LANG   未用 --lang 或 OOR_LANG 指定时决定语言：zh* 为中文，其余为英文
  NO_COLOR, FORCE_COLOR, TERM=dumb   颜色和纯文本行，按惯例
  XDG_CONFIG_HOME, XDG_STATE_HOME    档案和会话的查找位置

密钥没有参数。档案只写出处（{env: 名称}、{file: 路径}），用到时才读取。`,
    },
  },
  {
    id: 'profile',
    title: { en: 'The site profile', 'zh-CN': '站点档案' },
    text: {
      en: `oor.yaml names what this site consists of, so that nobody types host names at 3 a.m. Written once on a calm day: oor init. Looked for in this order:

  --profile FILE, OOR_PROFILE, ./oor.yaml, $XDG_CONFIG_HOME/oor/oor.yaml, /etc/oor/oor.yaml

Everything in it is optional; a check whose target it does not name does not apply, and oor doctor lists it. Keys: site, entry, services, databases, caches, providers, switches,
transactions, limits, certificates, dns, time, network, power, disks, settlement, hosts, peers, links, metrics, calendar, thresholds, actions, contacts, bundle, notify. A key that
is not known is an error with its line; x-* is free. Secrets stand in it by name only. Editors complete it with the schema playbooks/schema/profile.v1.json.

  oor: 1
  site: acme-prod
  entry: { url: https://pay.acme.example/health, expect_status: 200 }
  services: [ { name: paygw, kind: app, process: paygw, listen: [8080], log: /var/log/paygw/app.log } ]
  databases: [ { name: main, kind: postgres, url: {env: OOR_DB_URL} } ]
  thresholds: { disk.space: {warn: 90, crit: 98} }`,
      'zh-CN': `oor.yaml 写明本站点由什么组成，凌晨三点不必再输入主机名。平时用 oor init 写一次。按此顺序查找：

  --profile 文件, OOR_PROFILE, ./oor.yaml, $XDG_CONFIG_HOME/oor/oor.yaml, /etc/oor/oor.yaml

其中一切都可省略；档案没有写出的目标，对应检查不适用，oor doctor 会列出。键：site, entry, services, databases, caches, providers, switches,
transactions, limits, certificates, dns, time, network, power, disks, settlement, hosts, peers, links, metrics, calendar, thresholds, actions, contacts, bundle, notify。
未知的键会报错并给出行号；x-* 可自由使用。密钥只写出处。编辑器可用 playbooks/schema/profile.v1.json 补全。

  oor: 1
  site: acme-prod
  entry: { url: https://pay.acme.example/health, expect_status: 200 }
  services: [ { name: paygw, kind: app, process: paygw, listen: [8080], log: /var/log/paygw/app.log } ]
  databases: [ { name: main, kind: postgres, url: {env: OOR_DB_URL} } ]
  thresholds: { disk.space: {warn: 90, crit: 98} }`,
    },
  },
  {
    id: 'sessions',
    title: { en: 'Sessions', 'zh-CN': '会话' },
    text: {
      en: `Each run is a session: an append-only, hash-chained journal under the state folder (--state-dir; files 0600 in folders 0700). All that oor shows is made from it.

  oor resume [SESSION]            go on where it stopped, after a crash too; a colleague may do so in the other language: --lang zh-CN
  oor follow [SESSION]            watch it from a second terminal; reads only
  oor note "TEXT" [SESSION]       into the journal, also while another terminal runs it; the newest open session by default
  oor note --classified now "major, decided by ..."   the limits of regulators count from then; --notified WHEN: they were told
  oor report SESSION              the report, tonight or next week: --format text, json, md, html, junit, csv
  oor sessions                    list; show ID; delete ID; delete --older-than 90d
  oor bundle create SESSION       the evidence as one file that can be verified

One process writes a journal at a time; who it is stands in the message when a second one tries. What that process is killed at is not lost: the next one takes it up.`,
      'zh-CN': `每次运行是一个会话：状态目录（--state-dir；文件 0600，目录 0700）下只追加、哈希成链的日志。oor 展示的一切都由它得出。

  oor resume [会话]               从停下处继续，崩溃后也可以；同事可以用另一种语言继续：--lang en
  oor follow [会话]               在第二个终端观看；只读
  oor note "文字" [会话]          记入日志，另一终端正在运行时也可以；默认最新的未结束会话
  oor note --classified now "级别、决定人"   监管时限由此起算；--notified 时间：已通报监管
  oor report 会话                 报告，当晚或下周：--format text、json、md、html、junit、csv
  oor sessions                    列出；show ID；delete ID；delete --older-than 90d
  oor bundle create 会话          把证据打成一个可验证的文件

同一时间只有一个进程写日志；第二个进程会得知是谁在写。进程被杀死时不会丢失记录：下一个进程接着做。`,
    },
  },
  {
    id: 'playbooks',
    title: { en: 'Playbooks', 'zh-CN': '剧本' },
    text: {
      en: `A playbook is a YAML file: steps (checks and questions) in phases, causes with their evidence, fixes with their rollback. Shipped ones know no site; the profile names yours.

  oor playbook list               the shipped ones; the default is payment-gateway
  oor run PLAYBOOK                a shipped name, or a file of your own
  oor run --symptom "TEXT"        what people see; it orders, and never narrows what is looked at
  oor playbook show NAME          its text, to copy from
  oor playbook lint FILE          every problem with file, line and column
  oor check --playbook FILE       only its checks

The eight phases order the reasoning: confirm, evidence, hardware, software, network, verify, fix, validate. A file that another user could have written runs only with --trust SHA256.`,
      'zh-CN': `剧本是 YAML 文件：按阶段排列的步骤（检查和问题）、带证据的原因、带回退的修复。内置剧本不含站点信息，由档案指明。

  oor playbook list               内置剧本；默认 payment-gateway
  oor run 剧本                    内置名称，或自己的文件
  oor run --symptom "文字"        用户看到的现象；只影响顺序，从不缩小检查范围
  oor playbook show 名称          打印其文本，便于复制
  oor playbook lint 文件          每个问题及其文件、行、列
  oor check --playbook 文件       只做其中的检查

八个阶段决定推理顺序：确认、取证、硬件、软件、网络、验证原因、修复、验收。可能由他人写入的文件须加 --trust SHA256 才会运行。`,
    },
  },
  {
    id: 'redaction',
    title: { en: 'Redaction', 'zh-CN': '脱敏' },
    text: {
      en: `No card number, track, CVV, PIN block or secret is ever written to disk or sent: text is cleaned where it is captured, before anything judges it, and looked through again by other
code before it leaves (exit 8 when anything is found). Secrets that the profile names are known by their value, wherever they turn up. Card numbers show as 411111******1111.

  oor redact < app.log            clean text, files or folders of your own
  oor redact --pseudonyms --incident NAME FILE    hosts, addresses, phones and accounts too, under one name each
  oor bundle create SESSION --pseudonyms          the same for evidence that leaves`,
      'zh-CN': `卡号、磁道、CVV、PIN block 和密钥从不写入磁盘或发送：文本在采集处、任何判断之前清除，离开前再由另一套代码检查（有发现则退出码 8）。
档案写明出处的密钥按其值识别，出现在哪里都会被清除。卡号显示为 411111******1111。

  oor redact < app.log            清理自己的文本、文件或目录
  oor redact --pseudonyms --incident 名称 文件    主机、地址、电话和账号也以代称替换
  oor bundle create 会话 --pseudonyms             对外发出的证据同样处理`,
    },
  },
  {
    id: 'fixes',
    title: { en: 'Fixes and consent', 'zh-CN': '修复与同意' },
    text: {
      en: `A fix is offered, consented to, its state saved, applied, and validated by a signal of its own, or rolled back. There is no blanket yes.

  at a terminal        each fix is asked for; the default is no; severe ones want a word typed
  m at a question      stop the bleeding first: fixes that mitigate, before the cause is known
  --allow-fix ID       consent without a terminal, one fix each (ID or ID@TARGET); ids: oor playbook list --json, oor help CAUSE
  --dry-run            plan and print, apply none

What a fix printed, what it changed and whether its signal came is in the session. A fix whose signal does not come is rolled back: exit 5, or 6 when that fails too.`,
      'zh-CN': `修复先提出，得到同意，保存现状，执行，再由它自己的信号验证，否则回退。没有一次性全部同意。

  在终端               每个修复都会询问；默认不执行；危险的修复需要输入指定文字
  提问时按 m           先止损：原因未明也可执行止损类修复
  --allow-fix ID       没有终端时的同意，每次一个（ID 或 ID@目标）；id 见 oor playbook list --json、oor help 原因
  --dry-run            只规划并打印，不执行

修复的输出、改变和信号是否出现都在会话中。信号没有出现则回退：退出码 5；回退也失败为 6。`,
    },
  },
];

export function topicText({ title, text }: HelpTopic, language: Language): string {
  return `${title[language]}\n\n${text[language]}\n`;
}
