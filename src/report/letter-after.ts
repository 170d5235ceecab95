/** What stays when the night is over: handing over, what it costs to make it good, and what is learnt. */
import { describeReason } from '../checks/check.ts';
import { ExitCode } from '../errors.ts';
import { describeDuration } from './clock-face.ts';
import { describeMeter } from './impact.ts';
import type { Telling } from './incident.ts';
import { contactsOf, type Known, knownOf, listed } from './letter-known.ts';
import { spacedPercent } from './percent.ts';
import { resultsOf, summarise } from './results.ts';
import { timelineOf } from './timeline.ts';
import { inLanguage, nameFix } from './timeline-words.ts';
import { headlineOf, namedCauses, nextStepsOf } from './verdict-words.ts';

/** What a look at the payment log counted, as the run told it. */
export function listCustomers(telling: Telling): string {
  const counted = resultsOf(telling, 'customer.impact').filter(({ status }) => status === 'ok' || status === 'warn');
  return counted.map((result) => `${summarise(telling, result)}; `).join('');
}

/** For the one who takes over: state, what runs, what must not be done, what is next. */
export function handover(telling: Telling): string {
  const known = knownOf(telling);
  const { pick, todo, since, failed, unknownOutcome, value, site } = known;
  const { session } = telling;
  const measures = [...session.fixes.values()]
    .filter(({ stage }) => stage !== 'declined' && stage !== 'planned')
    .map(({ key, stage, at }) => `${telling.clock.both(at)} ${nameFix(telling, key)} (${key}): ${telling.say(`stage_${stage}`)}`);
  const next = nextStepsOf(telling).map(({ text, command }) => `${text}${command === undefined ? '' : `: ${command}`}`);
  const open = [...session.unanswered].map(
    ([id, { by, reason }]) => `${id}: ${by === 'nobody' ? pick('nobody could answer', '无人回答') : reason}`,
  );
  const unseen = telling.diagnosis.findings
    .filter(({ status }) => status === 'unknown')
    .map(({ key, unlock }) => `${key}: ${describeReason(unlock ?? '?', telling.language)}`);
  const head = session.ended ? `oor report ${session.started.session}` : `oor resume ${session.started.session}`;
  const words = (en: string, zh: string): string => `## ${pick(en, zh)}`;
  return `# ${pick('Handover', '交接')}: ${site}

${headlineOf(telling)}
${pick('since', '起始')} ${since} · ${pick('failed', '失败')} ${failed} · ${pick('unknown outcome', '结果未知')} ${unknownOutcome} · ${value}
${pick('go on with', '继续')}: ${head}

${words('Causes', '原因')}
${listed(causeLines(telling), pick('none reaches 50 %', '无原因达到 50 %'))}

${words('Done, and still on', '已执行与仍生效')}
${listed(measures, pick('nothing', '无'))}

${words('Next', '下一步')}
${listed(next, todo({ en: 'next step', 'zh-CN': '下一步' }))}

${words('Do not', '禁止')}
- ${pick('send a payment of unknown outcome again before it was queried', '结果未知的支付未查询前不得重发')}
- ${todo({ en: 'what else must not be touched tonight', 'zh-CN': '今晚还不得触碰的部分' })}

${words('Notes', '备注')}
${listed(
  session.notes.map(({ at, text, by }) => `${telling.clock.both(at)} ${text}${by === undefined ? '' : ` (${by})`}`),
  pick('none', '无'),
)}

${words('Clocks of regulators', '监管时限')}
${listed(
  describeMeter(telling)
    .filter(({ state }) => state !== 'open' || !known.over)
    .map(({ text }) => text),
  pick('none', '无'),
)}

${words('Not answered, not seen', '未答与未见')}
${listed([...open, ...unseen], pick('nothing', '无'))}

${words('People', '联系人')}
${listed(contactsOf(telling), todo({ en: 'who knows what, how to reach', 'zh-CN': '知情人与联系方式' }))}
- ${pick('who waits for whose answer', '谁在等谁的答复')}: ${todo({ en: 'promises made to others', 'zh-CN': '对外承诺' })}
`;
}

function causeLines(telling: Telling): readonly string[] {
  return namedCauses(telling).map(
    ({ id, title, score, state, component }) =>
      `${inLanguage(title, telling.language)} [${id}${component === undefined ? '' : ` @ ${component}`}] ${spacedPercent(score)}, ${telling.say(state)}`,
  );
}

/** What a policy gives, by name; from `--set`. */
export interface CompensationPolicy {
  readonly duplicates?: number;
  readonly duplicateValue?: number;
  /** Of the failed payments, in percent, and for each so much. */
  readonly goodwillShare?: number;
  readonly goodwillEach?: number;
  readonly feesEach?: number;
}

const POLICY_KEYS = {
  duplicates: 'duplicates',
  duplicate_value: 'duplicateValue',
  goodwill_share: 'goodwillShare',
  goodwill_each: 'goodwillEach',
  fee_each: 'feesEach',
} as const;

/** Numbers of 0 and above; undefined: a key or value that is none. */
export function readPolicy(
  given: Readonly<Record<string, string>>,
): CompensationPolicy | { readonly wrong: string; readonly known: string } {
  const known = Object.keys(POLICY_KEYS).join(', ');
  const policy: Record<string, number> = {};
  for (const [key, text] of Object.entries(given)) {
    const name = (POLICY_KEYS as Readonly<Record<string, string>>)[key];
    if (name === undefined || !/^\d{1,12}(\.\d{1,4})?$/.test(text)) return { wrong: `${key}=${text}`, known };
    policy[name] = Number(text);
  }
  return policy as CompensationPolicy;
}

/** What is given back is owed; what is given on top is policy. They are never one sum. */
export function compensation(telling: Telling, policy: CompensationPolicy): string {
  const known = knownOf(telling);
  const { pick, todo, failed, unknownOutcome, value, site } = known;
  const { duplicates, duplicateValue, goodwillShare, goodwillEach, feesEach } = policy;
  const ask = (set: string, en: string, zh: string): string => `${todo({ en, 'zh-CN': zh })} (--set ${set}=N)`;
  const goodwillCases = goodwillShare === undefined ? undefined : Math.ceil((failed * goodwillShare) / 100);
  const goodwill = goodwillCases === undefined || goodwillEach === undefined ? undefined : goodwillCases * goodwillEach;
  const fees = duplicates === undefined || feesEach === undefined ? undefined : duplicates * feesEach;
  const shown = (sum: number | undefined): string => (sum === undefined ? todo({ en: 'sum', 'zh-CN': '金额' }) : sum.toFixed(2));
  const total = goodwill === undefined || fees === undefined ? undefined : goodwill + fees;
  const rows: readonly (readonly [string, string])[] = [
    [pick('payments that failed', '失败支付笔数'), String(failed)],
    [pick('of unknown outcome: query first, none is compensated before', '结果未知：先查询，查明前不赔付'), String(unknownOutcome)],
    [pick('value of both', '涉及金额'), value],
    [
      pick('charged twice', '重复扣款笔数'),
      duplicates === undefined
        ? ask('duplicates', 'from oor reconcile: duplicate_charge', '取自 oor reconcile 的 duplicate_charge')
        : String(duplicates),
    ],
    [
      pick('A. owed: given back in full', 'A. 应退：全额退还'),
      duplicateValue === undefined
        ? ask('duplicate_value', 'sum of the later of each two charges', '各重复扣款后一笔之和')
        : duplicateValue.toFixed(2),
    ],
    [
      pick('B. fees of these customers', 'B. 客户承担的费用'),
      feesEach === undefined ? ask('fee_each', 'overdraft or transfer fee by the policy', '按政策补偿的透支或转账费用') : shown(fees),
    ],
    [
      pick('share of failed payments with goodwill, %', '给予补偿的失败支付占比 %'),
      goodwillShare === undefined
        ? ask('goodwill_share', 'which cohort: paid late, gave up, VIP', '补偿人群：迟付、放弃、VIP')
        : `${goodwillShare} (${goodwillCases})`,
    ],
    [
      pick('C. goodwill: coupon or cash', 'C. 补偿：券或现金'),
      goodwillEach === undefined
        ? ask('goodwill_each', 'what each gets', '每人补偿额')
        : `${goodwillEach.toFixed(2)} × ${goodwillCases ?? '?'} = ${shown(goodwill)}`,
    ],
    [pick('B + C, cost of the policy', 'B + C 政策成本'), shown(total)],
  ];
  return `# ${pick('Compensation', '补偿测算')}: ${site}

| ${pick('what', '项目')} | |
| --- | --- |
${rows.map(([what, much]) => `| ${what} | ${much} |`).join('\n')}

${pick('Released by', '审批')}: ${todo({ en: 'two names', 'zh-CN': '两人签字' })}
${pick('Told to customers', '告知客户')}: ${todo({ en: 'when and how; refunds come by themselves, nobody asks for data', 'zh-CN': '时间与方式；退款自动到账，不索要信息' })}
${pick('Not done', '不做')}: ${pick('taking money back that a customer was given by our mistake', '追回因我方失误给客户的优惠')}
`;
}

export function postmortem(telling: Telling): string {
  const known = knownOf(telling);
  const { pick, todo, since, lasted, failed, unknownOutcome, value, site } = known;
  const { session, clock, diagnosis } = telling;
  const { firstBad } = diagnosis.scope;
  const words = (en: string, zh: string): string => `## ${pick(en, zh)}`;
  const timeline = timelineOf(telling)
    .filter(({ weighty }) => weighty)
    .map(({ at, text }) => `| ${clock.utc(at)} | ${text.replaceAll('|', '/').replaceAll('\n', ' ')} |`);
  const late =
    firstBad === undefined
      ? todo({ en: 'delay of detection', 'zh-CN': '发现延迟' })
      : describeDuration(Math.max(0, session.startedAt - firstBad));
  return `# ${pick('Postmortem', '复盘')}: ${headlineOf(telling)}

${site} · ${clock.both(session.startedAt)} · ${session.started.session}
${pick('No blame: what made it possible, not who.', '不追责：找使其可能发生的条件，而非人。')}
${pick('Author', '撰写')}: ${todo({ en: 'author', 'zh-CN': '撰写人' })} · ${pick('Meeting', '会议')}: ${todo({ en: 'date within two working days; who takes part', 'zh-CN': '两个工作日内；参会人' })}

${words('Impact', '影响')}
- ${since}, ${lasted}; ${pick('failed', '失败')} ${failed}, ${pick('unknown outcome', '结果未知')} ${unknownOutcome}, ${value}
- ${pick('lost for good', '最终损失')}: ${todo({ en: 'orders that never came back × value, with a range', 'zh-CN': '未挽回订单 × 金额，给出区间' })}
- ${pick('customers: how many, tries each, complaints', '客户：人数、人均重试、投诉')}: ${listCustomers(telling)}${todo({ en: 'complaints, from the service desk', 'zh-CN': '投诉数，取自客服' })}
- ${pick('functions that stood still, since when', '停摆功能与时段')}: ${todo({ en: 'functions', 'zh-CN': '功能' })}
${describeMeter(telling)
  .map(({ text }) => `- ${text}`)
  .join('\n')}

${words('Timeline', '时间线')}
| UTC | |
| --- | --- |
${timeline.join('\n')}

${words('Five whys', '五个为什么')}
${fiveWhys(telling, known)}

${words('Contributing factors', '促成因素')}
${listed(causeLines(telling), todo({ en: 'factors', 'zh-CN': '因素' }))}
${listed(changesSeen(telling), todo({ en: 'what changed in the 72 hours before', 'zh-CN': '此前 72 小时的变更' }))}

${words('Detection', '发现')}
- ${pick('customers felt it before anybody looked for', '客户受影响到开始排查的间隔')}: ${late}
- ${pick('told by', '由谁发现')}: ${todo({ en: 'alarm, customer, partner', 'zh-CN': '告警、客户、伙伴' })}
- ${pick('what was blind', '看不到的部分')}:
${listed(
  diagnosis.findings
    .filter(({ status }) => status === 'unknown')
    .map(({ key, unlock }) => `${key}: ${describeReason(unlock ?? '?', telling.language)}`),
  pick('nothing', '无'),
)}
- ${pick('what had been warning without an alarm', '已预警但未告警')}:
${listed(
  diagnosis.findings.filter(({ status }) => status === 'warn').map((finding) => `${finding.key}: ${finding.summary(telling.language)}`),
  pick('nothing', '无'),
)}

${words('What helped, what hindered, luck', '顺利、阻碍、运气')}
- ${todo({ en: 'what went well', 'zh-CN': '做得好的' })}
- ${todo({ en: 'what went badly', 'zh-CN': '做得差的' })}
- ${todo({ en: 'where we had luck', 'zh-CN': '靠运气的部分' })}

${words('Actions', '行动项')}
| ${pick('what', '内容')} | ${pick('kind', '类型')} | ${pick('owner', '负责人')} | ${pick('due', '期限')} |
| --- | --- | --- | --- |
${actionsOf(telling, known)
  .map(([what, kind]) => `| ${what} | ${kind} | TODO(owner) | TODO(owner) |`)
  .join('\n')}

${words('Runbook', '运维手册')}
- ${pick('which step was missing, wrong or too late', '缺失、错误或过迟的步骤')}: ${todo({ en: 'proposal for the playbook', 'zh-CN': '手册修改建议' })}
- ${pick('make a fixture of this session so that it is found next time', '将本会话做成用例，确保下次能发现')}: oor playbook record ${session.started.session}

${words('Told', '对内对外通报')}
- ${todo({ en: 'customers, merchants, partners, regulator: when, by whom', 'zh-CN': '客户、商户、伙伴、监管：时间与经办人' })}
`;
}

/** The first answer is what was found; each further one is for people. */
function fiveWhys(telling: Telling, { pick, todo, causeText }: Known): string {
  const [cause] = namedCauses(telling);
  const because = cause?.because.filter(({ effect }) => effect === 'supports').map(({ step }) => step) ?? [];
  return [
    `1. ${pick('Why did payments fail?', '支付为何失败？')} ${causeText}${because.length > 0 ? ` (${because.slice(0, 3).join(', ')})` : ''}`,
    `2. ${pick('Why could that happen?', '为何会发生？')} ${todo({ en: 'the condition that allowed it', 'zh-CN': '使其发生的条件' })}`,
    `3. ${pick('Why did nothing stop it?', '为何没有被拦住？')} ${todo({ en: 'the guard that was missing or failed', 'zh-CN': '缺失或失效的防护' })}`,
    `4. ${pick('Why did we not see it earlier?', '为何没有更早发现？')} ${todo({ en: 'the signal that was there', 'zh-CN': '当时已有的信号' })}`,
    `5. ${pick('Why is that how we work?', '为何我们如此运作？')} ${todo({ en: 'the habit, rule or budget behind it', 'zh-CN': '背后的习惯、制度或预算' })}`,
  ].join('\n');
}

function changesSeen({ diagnosis, language }: Telling): readonly string[] {
  return diagnosis.findings
    .filter(({ check, status }) => check.startsWith('change.') && status !== 'unknown')
    .map((finding) => `${finding.key}: ${finding.summary(language)}`);
}

/** What the session itself asks for: the open cause, each thing that could not be seen, a fix that failed, an alarm. */
function actionsOf(telling: Telling, { pick }: Known): readonly (readonly [string, string])[] {
  const { session, diagnosis } = telling;
  const open = namedCauses(telling).map(({ id, component }): readonly [string, string] => [
    `${pick('remove the root of', '根除')} ${id}${component === undefined ? '' : ` @ ${component}`}`,
    pick('prevent', '预防'),
  ]);
  const seen = diagnosis.findings
    .filter(({ status, unlock }) => status === 'unknown' && unlock !== undefined)
    .map(({ key, unlock }): readonly [string, string] => [
      `${key}: ${describeReason(unlock ?? '?', telling.language)}`.replaceAll('|', '/'),
      pick('detect', '发现'),
    ]);
  const failed = [...session.fixes.values()]
    .filter(({ stage }) => ['failed', 'not-validated', 'rolled-back', 'rollback-failed'].includes(stage))
    .map(({ key }): readonly [string, string] => [
      `${pick('repair or rehearse the fix', '修正或演练处置')} ${key}`,
      pick('mitigate', '缓解'),
    ]);
  const exit = session.ended?.exit_code;
  const soak: readonly (readonly [string, string])[] =
    exit !== undefined && exit !== ExitCode.healthy
      ? [[pick('look whether it is well now, and take measures off', '确认是否恢复并撤销措施'), pick('close', '收尾')]]
      : [];
  return [...open, ...failed, ...seen, ...soak];
}
