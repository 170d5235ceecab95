/** `oor help notify`: its examples are profiles that a test reads. */
import { HELP_TOPICS, type HelpTopic } from './help-topics.ts';

const EXAMPLES = `  notify:
    - { name: on-call, template: pagerduty, credentials: { routing_key: {env: PAGERDUTY_KEY} } }
    - { name: ops-group, template: wecom, credentials: { key: {file: /etc/oor/wecom.key} }, lang: zh-CN }
    - { name: slack, url: {env: SLACK_WEBHOOK_URL}, template: { body: { text: "{text}" }, escape: html } }
    - name: dingtalk
      url: "https://oapi.dingtalk.com/robot/send?access_token={credential.token}"
      credentials: { token: {env: DINGTALK_TOKEN} }
      template:
        body: { msgtype: text, text: { content: "{text}" } }
        limits: { text: 18000 }
        per_minute: 20
        answer: { code: errcode, ok: [0], later: [130101], why: errmsg }
    - name: feishu
      url: {env: FEISHU_WEBHOOK_URL}
      events: [opened, confirmed, closed]
      template:
        body: { msg_type: text, content: { text: "{text}" } }
        per_minute: 100
        answer: { code: code, ok: [0], later: [11232], why: msg }`;

const NOTIFY_TOPIC: HelpTopic = {
  id: 'notify',
  title: { en: 'Notifications', 'zh-CN': '通知' },
  text: {
    en: `Nobody is told anything unless the profile says whom. oor run then tells: opened (a fault is seen), confirmed (its cause), mitigated, fixed, paused, closed, left-open (the
session is over, the fault stands). Templates for pagerduty and wecom are shipped; any other service is a template in the profile:

${EXAMPLES}

  oor notify               who is told, of what, and whether the secrets are there
  oor notify --test        a message to each that nothing is wrong; --dry-run only shows it

Texts of a body, url or header may name {title} {text} {event} {severity} {session} {site} {state} {cause} {component} {host} {time} {since}, {credential.NAME}, and words of your own
(words: { action: { opened: trigger } }: an event without a word is not sent). ca_file adds an authority, proxy: http://HOST:PORT connects through one. Certificates are always
verified, redirections never followed. Messages hold no output of any command, are cleaned, and looked through again before they leave.
A process of its own sends them: a service that is dead or slow neither delays nor changes a run. What came of it stands in the session.`,
    'zh-CN': `除非档案写明，否则不通知任何人。写明后 oor run 会通知：opened（发现故障）、confirmed（原因已证实）、mitigated（已止损）、fixed（已修复）、paused（已暂停）、closed（已解除）、
left-open（会话结束而故障仍在）。内置 pagerduty 和 wecom（企业微信）模板；其他服务在档案中写一个模板即可：

${EXAMPLES}

  oor notify               通知谁、通知什么、密钥是否就绪
  oor notify --test        给每个对象发一条测试消息；加 --dry-run 只显示

body、url、headers 中可用 {title} {text} {event} {severity} {session} {site} {state} {cause} {component} {host} {time} {since}、{credential.名称}，以及自定义的词
（words: { action: { opened: trigger } }：没有对应词的事件不发送）。ca_file 增加信任的 CA，proxy: http://主机:端口 经代理连接。证书总要验证，从不跟随重定向。
消息不含任何命令的输出，经过脱敏，发出前再检查一遍。发送由独立进程完成：服务不通或很慢都不会拖延或改变运行。结果记录在会话中。`,
  },
};

export const ALL_TOPICS: readonly HelpTopic[] = [...HELP_TOPICS, NOTIFY_TOPIC];
