/** What goes to banks, providers and regulators. */
import { describeDuration } from './clock-face.ts';
import { describeMeter } from './impact.ts';
import type { Telling } from './incident.ts';
import { contactsOf, type Known, knownOf, listed } from './letter-known.ts';
import { inLanguage } from './timeline-words.ts';
import { namedCauses } from './verdict-words.ts';

/** One message that a desk can act on: what, since when, ids to look up, what was excluded here, one question. */
export function providerTicket(telling: Telling): string {
  const known = knownOf(telling);
  const { pick, todo, since, failed, unknownOutcome, requestIds, causeText, cause, theirs } = known;
  const channel = known.channel ?? todo({ en: 'which interface of theirs', 'zh-CN': '涉及的接口' });
  const ours =
    cause && !theirs && cause.class !== 'network'
      ? `${todo({ en: 'the record finds the cause on our side; send this only where you know better', 'zh-CN': '记录显示原因在我方；确有依据再发送' })}\n\n`
      : '';
  const ids = listed(
    requestIds,
    todo({
      en: 'one request id, order number or RRN/STAN of a failed payment, and one of a good payment',
      'zh-CN': '一笔失败与一笔成功交易的请求号、订单号或 RRN/STAN',
    }),
  );
  const evidence = listed(evidenceOf(telling, known), todo({ en: 'what you see', 'zh-CN': '所见现象' }));
  const excluded = listed(excludedOf(telling, known), todo({ en: 'what is excluded on our side', 'zh-CN': '我方已排除项' }));
  return pick(
    `${ours}To: ${listed(contactsOf(telling), todo({ en: 'desk of the provider', 'zh-CN': '渠道联系人' }))}
Subject: payments fail through you since ${since}: yours?

Merchant: ${todo({ en: 'merchant number at the provider', 'zh-CN': '渠道商户号' })}
Interface: ${channel}
Since: ${since}
Count: ${failed} failed, ${unknownOutcome} of unknown outcome
Our reading: ${causeText}

What we see
${evidence}

What is good on our side
${excluded}

To look up
${ids}

Our questions
1. Is it yours, and until when?
2. For the payments of unknown outcome: charged or not? We do not send them again before you answer.
3. Which limit, certificate or address changed on your side in the last 72 hours?
`,
    `${ours}收件：${listed(contactsOf(telling), todo({ en: 'desk of the provider', 'zh-CN': '渠道联系人' }))}
主题：自 ${since} 起经贵方的支付失败，是否贵方问题？

商户号：${todo({ en: 'merchant number at the provider', 'zh-CN': '渠道商户号' })}
接口：${channel}
起始：${since}
数量：失败 ${failed} 笔，结果未知 ${unknownOutcome} 笔
我方判断：${causeText}

现象
${evidence}

我方正常项
${excluded}

请查询
${ids}

请答复
1. 是否贵方问题，预计何时恢复？
2. 结果未知的交易是否已扣款？答复前我方不会重发。
3. 近 72 小时贵方是否变更限额、证书或地址？
`,
  );
}

const MOST_LINES = 8;

/** What the provider can see for itself comes first; of our side only what follows from it. */
function evidenceOf(telling: Telling, { cause, channel }: Known): readonly string[] {
  const { diagnosis, language } = telling;
  const because = new Set(cause?.because.map(({ step }) => step));
  const theirs = diagnosis.findings.filter(({ key }) => because.has(key) || isAbout(telling, key, channel));
  const followed = diagnosis.findings.filter((finding) => finding.explainedBy === cause?.key && !theirs.includes(finding));
  const told = cause ? [...theirs, ...followed] : diagnosis.findings.filter(({ status }) => status === 'fail');
  return told
    .filter(({ status }) => status !== 'unknown')
    .slice(0, MOST_LINES)
    .map((finding) => `${finding.key}: ${finding.summary(language)}`);
}

/** What a desk asks first whether we looked at it ourselves: the way to them, names, certificates, the clock, then what payments need here. */
const ASKED_FIRST: readonly RegExp[] = [
  /^net\.|^dns\./,
  /^tls\.|^certificates/,
  /^time\./,
  /^provider\./,
  /^db\.|^cache\./,
  /^proc\.|^port\.|^svc\./,
];

function excludedOf(telling: Telling, { channel }: Known): readonly string[] {
  const { rows, session, language } = telling;
  const rank = ({ id, step }: { readonly id: string; readonly step: string }): number => {
    const place = ASKED_FIRST.findIndex((pattern) => pattern.test(id));
    return (place < 0 ? ASKED_FIRST.length : place) - (isAbout(telling, step, channel) ? ASKED_FIRST.length : 0);
  };
  return [...rows.values()]
    .filter(({ step }) => session.results.get(step)?.status === 'ok')
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, MOST_LINES)
    .map(({ step, summary }) => `${step}: ${inLanguage(summary, language)}`);
}

function isAbout({ plan }: Telling, key: string, channel: string | undefined): boolean {
  return channel !== undefined && plan.stepByKey.get(key)?.target?.data['name'] === channel;
}

/** Whether the record says that a limit refused payments. */
function isOfLimits(telling: Telling): boolean {
  return (
    telling.diagnosis.findings.some(({ check }) => check === 'limits.evaluate') ||
    namedCauses(telling).some(({ id }) => id.startsWith('data.limit_'))
  );
}

export function bankLimitRequest(telling: Telling): string {
  const { pick, todo, since, value, site, ...known } = knownOf(telling);
  const refused = isOfLimits(telling);
  const failed = refused
    ? String(known.failed)
    : todo({ en: 'how many: this session names no limit', 'zh-CN': '笔数：本会话未发现限额问题' });
  const limits = listed(
    telling.diagnosis.findings.filter(({ check }) => check === 'limits.evaluate').map((finding) => finding.summary(telling.language)),
    todo({ en: 'which limit refuses, and whose it is', 'zh-CN': '触发的限额及其归属' }),
  );
  return pick(
    `To: ${todo({ en: 'account manager at the bank or provider', 'zh-CN': '银行或渠道客户经理' })}
Subject: change of a limit, ${site}

Refused since ${since}: ${failed} (payments), value ${value}.
Limits that refuse
${limits}

We ask for: ${todo({ en: 'new limit: per payment, per day, per month; for which methods and cards; until when', 'zh-CN': '申请限额：单笔、单日、单月；适用方式与卡种；期限' })}
Why: ${todo({ en: 'business reason: campaign, season, change of goods', 'zh-CN': '业务原因：活动、季节、商品变化' })}
Volume expected: ${todo({ en: 'payments and value a day, with the largest', 'zh-CN': '日均笔数、金额及最大单笔' })}
Safeguards: our own limit stays at ${todo({ en: 'own limit', 'zh-CN': '我方限额' })}; fraud rules: ${todo({ en: 'rules that hold for the new amounts', 'zh-CN': '适用于新额度的风控规则' })}
`,
    `收件：${todo({ en: 'account manager at the bank or provider', 'zh-CN': '银行或渠道客户经理' })}
主题：${site} 限额调整申请

自 ${since} 起被拒笔数：${failed}，金额 ${value}。
触发的限额
${limits}

申请：${todo({ en: 'new limit: per payment, per day, per month; for which methods and cards; until when', 'zh-CN': '申请限额：单笔、单日、单月；适用方式与卡种；期限' })}
原因：${todo({ en: 'business reason: campaign, season, change of goods', 'zh-CN': '业务原因：活动、季节、商品变化' })}
预计：${todo({ en: 'payments and value a day, with the largest', 'zh-CN': '日均笔数、金额及最大单笔' })}
保障：我方限额保持 ${todo({ en: 'own limit', 'zh-CN': '我方限额' })}；风控：${todo({ en: 'rules that hold for the new amounts', 'zh-CN': '适用于新额度的风控规则' })}
`,
  );
}

export function regulatorReport(telling: Telling): string {
  const known = knownOf(telling);
  const { pick, todo, since, lasted, failed, unknownOutcome, value, causeText, site, over, done } = known;
  const { session, clock } = telling;
  const measures = listed(
    done.map(({ key, at }) => `${clock.both(at)} ${key}`),
    todo({ en: 'measures', 'zh-CN': '已采取措施' }),
  );
  const meter = describeMeter(telling)
    .map(({ text, source }) => `- ${text}\n  ${source}`)
    .join('\n');
  const detected = clock.both(session.startedAt);
  const classified = toldIn(telling, 'classifiedAt') ?? todo({ en: 'when and as what; who decided', 'zh-CN': '定级时间、级别与决定人' });
  const notified =
    toldIn(telling, 'notifiedAt') ?? todo({ en: 'when the regulator first heard of it, how', 'zh-CN': '首次通报监管的时间与方式' });
  const detection = describeDuration(Math.max(0, session.startedAt - (telling.diagnosis.scope.firstBad ?? session.startedAt)));
  return pick(
    `Report of an operational incident: ${site}

1. Entity: ${todo({ en: 'legal name, licence, contact of the entity', 'zh-CN': '机构全称、牌照、联系人' })}
2. Began: ${since}   Detected: ${detected} (${detection} later)   Lasted: ${lasted}${over ? '' : ', not over'}
3. Classified: ${classified}   First notified: ${notified}
4. Services: ${todo({ en: 'which services, regions, channels', 'zh-CN': '受影响服务、地区、渠道' })}
5. Counted: ${failed} failed payments, ${unknownOutcome} of unknown outcome, value ${value}; clients: ${todo({ en: 'number of clients', 'zh-CN': '受影响客户数' })}
6. Cause: ${causeText}${known.theirs ? ' (third party)' : ''}
7. Measures
${measures}
8. Data: ${todo({ en: 'whether data was lost or seen by others; records and clients', 'zh-CN': '是否有数据丢失或泄露；记录数与客户数' })}
9. Clients told: ${todo({ en: 'when and how', 'zh-CN': '告知客户的时间与方式' })}
10. Next report: ${todo({ en: 'date', 'zh-CN': '下次报告时间' })}

Clock
${meter}

Made from session ${session.started.session}; journal ${telling.headHash}
`,
    `运营事件报告：${site}

1. 机构：${todo({ en: 'legal name, licence, contact of the entity', 'zh-CN': '机构全称、牌照、联系人' })}
2. 开始：${since}   发现：${detected}（滞后 ${detection}）   持续：${lasted}${over ? '' : '，尚未结束'}
3. 定级：${classified}   首次通报：${notified}
4. 服务：${todo({ en: 'which services, regions, channels', 'zh-CN': '受影响服务、地区、渠道' })}
5. 统计：失败 ${failed} 笔，结果未知 ${unknownOutcome} 笔，金额 ${value}；客户：${todo({ en: 'number of clients', 'zh-CN': '受影响客户数' })}
6. 原因：${causeText}${known.theirs ? '（第三方）' : ''}
7. 措施
${measures}
8. 数据：${todo({ en: 'whether data was lost or seen by others; records and clients', 'zh-CN': '是否有数据丢失或泄露；记录数与客户数' })}
9. 已告知客户：${todo({ en: 'when and how', 'zh-CN': '告知客户的时间与方式' })}
10. 下次报告：${todo({ en: 'date', 'zh-CN': '下次报告时间' })}

时限
${meter}

依据会话 ${session.started.session} 生成；日志校验 ${telling.headHash}
`,
  );
}

/** What a note says of an instant that clocks run from; the latest holds. */
function toldIn({ session, clock }: Telling, which: 'classifiedAt' | 'notifiedAt'): string | undefined {
  const note = session.notes.findLast((each) => each[which] !== undefined);
  return note && `${clock.both(note[which] as number)}, ${note.text}${note.by === undefined ? '' : ` (${note.by})`}`;
}
