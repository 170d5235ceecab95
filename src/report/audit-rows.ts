/** The preventive measures that are audited: how often each is to be done anew. */
import type { Text } from '../ports.ts';

export interface AuditRow {
  /** Of the mission; the question has the same name in lower case. */
  readonly id: string;
  readonly title: Text;
  readonly days: number;
}

export const AUDIT_ROWS: readonly AuditRow[] = [
  {
    id: 'V01',
    days: 180,
    title: {
      en: 'Hardware and power are serviced on a schedule: supplies swapped in turn, UPS batteries tested under load, fans and filters cleaned, humidity read',
      'zh-CN': '硬件与电源按计划维护：轮换电源、UPS 带载测试、清洁风扇滤网、记录湿度',
    },
  },
  {
    id: 'V02',
    days: 90,
    title: {
      en: 'Every system runs a release that is still supported, and known holes are closed within the time of the policy',
      'zh-CN': '各系统均在支持期内，已知漏洞在规定时限内修补',
    },
  },
  {
    id: 'V03',
    days: 180,
    title: {
      en: 'Lines have at least 30 % headroom at the busiest hour, and the two ways to each bank share no trench, building or carrier',
      'zh-CN': '高峰时线路余量不低于 30 %，到各银行的两条路由不共管沟、不共楼、不共运营商',
    },
  },
  {
    id: 'V04',
    days: 30,
    title: {
      en: 'Answer time and error rate are watched per method, channel and first attempt, against the same hour of other days',
      'zh-CN': '按方式、通道、首次尝试监控响应时间与错误率，并与同时段对比',
    },
  },
  {
    id: 'V05',
    days: 7,
    title: {
      en: 'Somebody reads the new signatures in the logs each week and files what is strange',
      'zh-CN': '每周审阅日志中的新特征并登记异常',
    },
  },
  {
    id: 'V06',
    days: 30,
    title: {
      en: 'Each alarm names a person and a deputy, was fired on trial this month and was answered; silence of payments is an alarm too',
      'zh-CN': '每条告警有责任人与备份，本月试触发并有人响应；支付沉默也会告警',
    },
  },
  {
    id: 'V07',
    days: 90,
    title: {
      en: 'Everybody on call has played a drill this quarter and scored at least 80 %',
      'zh-CN': '所有值班人员本季度完成演练且得分不低于 80 %',
    },
  },
  {
    id: 'V08',
    days: 180,
    title: {
      en: 'Customers can read what limits hold, what pending means, and that nobody asks them for a code',
      'zh-CN': '客户可查看限额、处理中的含义，以及不会索要验证码的说明',
    },
  },
  {
    id: 'V09',
    days: 180,
    title: {
      en: 'The payment flow was tried this half-year by somebody who did not build it; each error says what to do next',
      'zh-CN': '半年内由非开发人员走查支付流程；每个报错都说明下一步',
    },
  },
  {
    id: 'V10',
    days: 90,
    title: {
      en: 'Spare supplies, machines and lines are in place, and each was really switched to this quarter',
      'zh-CN': '备用电源、设备与线路就位，且本季度均实际切换过',
    },
  },
  {
    id: 'V11',
    days: 90,
    title: {
      en: 'The contact of every bank and provider was called this quarter, with escalation and their maintenance calendar',
      'zh-CN': '本季度拨通过每家银行与渠道联系人，含升级路径与维护日历',
    },
  },
  {
    id: 'V12',
    days: 365,
    title: {
      en: 'The list of single points of failure was made from the real links of the profile, and each has an owner',
      'zh-CN': '依据真实依赖关系列出单点故障，且均有责任人',
    },
  },
  {
    id: 'V13',
    days: 180,
    title: {
      en: 'The emergency plan says for each step who, when, how and the way back; the call tree was tried by night',
      'zh-CN': '应急预案逐步写明何人、何时、如何、如何回退；夜间演练过呼叫链',
    },
  },
  {
    id: 'V14',
    days: 180,
    title: {
      en: 'Each role has two nodes at least; taking one away at the busiest hour was tried',
      'zh-CN': '每个角色至少两个节点；在高峰时摘除一个节点演练过',
    },
  },
  {
    id: 'V15',
    days: 180,
    title: {
      en: 'The second site took real customers this half-year, and the configuration of both sites is compared each night',
      'zh-CN': '半年内备用机房承接过真实客户，两地配置每晚比对',
    },
  },
  {
    id: 'V16',
    days: 180,
    title: {
      en: 'The knee of the system under load is known, and peak plus half stays below it',
      'zh-CN': '已知系统负载拐点，且峰值的 1.5 倍仍低于拐点',
    },
  },
  {
    id: 'V17',
    days: 30,
    title: {
      en: 'Each method has a second channel with contract, limits and key; it is asked every day and took real payments this month',
      'zh-CN': '每种方式有第二通道（合约、限额、密钥齐备），每日探测且本月承接过真实支付',
    },
  },
  {
    id: 'V18',
    days: 90,
    title: {
      en: 'The fleet list has firmware, certificate end and key date of every terminal, and no terminal is unseen for a month',
      'zh-CN': '终端清单含固件、证书到期、密钥日期；无终端超过一个月未上线',
    },
  },
  {
    id: 'V19',
    days: 90,
    title: {
      en: 'Every link that carries payments is encrypted or carries a MAC, and a message without it is refused',
      'zh-CN': '所有支付链路加密或带 MAC，缺失则拒收',
    },
  },
  {
    id: 'V20',
    days: 30,
    title: {
      en: 'Logs of transfers are complete (no gap in STAN), kept as long as the rule says, and hold no track, CVV or PIN',
      'zh-CN': '传输日志完整（STAN 无缺口）、按规定留存，且不含磁道、CVV、PIN',
    },
  },
  {
    id: 'V21',
    days: 180,
    title: {
      en: 'Slow statements, pools and timeouts are tuned to measured load; client waits less than server, server less than upstream',
      'zh-CN': '按实测负载调优慢语句、连接池与超时；超时逐级递增',
    },
  },
  {
    id: 'H30',
    days: 90,
    title: {
      en: 'A backup was restored on another machine this quarter; the time it took and what was lost are written down',
      'zh-CN': '本季度在其他机器上完成备份恢复，记录耗时与丢失量',
    },
  },
];
