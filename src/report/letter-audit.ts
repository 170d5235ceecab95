/** The audit of prevention: what each measure scores, its proof and owner, what is overdue, what nobody owns. */
import type { Text } from '../ports.ts';
import type { Telling } from './incident.ts';
import { cell, listDrift, listSinglePoints } from './letter-audit-seen.ts';
import { knownOf } from './letter-known.ts';
import { inLanguage } from './timeline-words.ts';

interface AuditRow {
  /** The name of the question, in capitals. */
  readonly id: string;
  readonly title: Text;
  /** How often at the latest it is done anew. */
  readonly days: number;
}

export interface Audited {
  readonly row: AuditRow;
  readonly state: 'done' | 'partly' | 'missing' | 'unknown' | 'unanswered';
  readonly owner: string;
  /** Epoch ms. */
  readonly last: number | undefined;
  readonly proof: string;
  readonly overdueDays: number;
  /** 0 to 1. */
  readonly score: number;
}

const DAY_MS = 86_400_000;

/** One that is done but not proved, or was done too long ago, counts half; one that nobody knows of counts nothing. */
export function auditOf({ plan, session }: Pick<Telling, 'plan' | 'session'>): readonly Audited[] {
  return rowsOf(plan).map((row) => {
    const key = row.id.toLowerCase();
    const said = session.answers.get(key)?.value;
    const state = (['done', 'partly', 'missing', 'unknown'] as const).find((each) => each === said) ?? 'unanswered';
    const [owner = '', day = '', ...rest] = String(session.answers.get(`${key}_proof`)?.value ?? '')
      .split(/[;；,，]/)
      .map((part) => part.trim());
    const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
    const last = Number.isFinite(at) ? at : undefined;
    const proof = rest.join('; ');
    const overdueDays = last === undefined ? 0 : Math.max(0, Math.floor((session.startedAt - last) / DAY_MS) - row.days);
    const proved = owner !== '' && owner !== '-' && last !== undefined && proof !== '';
    const base = state === 'done' ? 1 : state === 'partly' ? 0.5 : 0;
    return {
      row,
      state,
      owner: owner === '-' ? '' : owner,
      last,
      proof,
      overdueDays,
      score: proved && overdueDays === 0 ? base : base / 2,
    };
  });
}

/** The questions of the playbook that say how often their measure is done anew. */
function rowsOf({ playbook }: Telling['plan']): readonly AuditRow[] {
  return playbook.steps.flatMap((step) =>
    step.kind === 'ask' && step.renewMs !== undefined
      ? [{ id: step.id.toUpperCase(), title: step.ask, days: Math.round(step.renewMs / DAY_MS) }]
      : [],
  );
}

export function audit(telling: Telling): string {
  const { pick, site, todo } = knownOf(telling);
  const all = auditOf(telling);
  const points = all.reduce((sum, { score }) => sum + score, 0);
  const day = (at: number | undefined): string => (at === undefined ? '-' : new Date(at).toISOString().slice(0, 10));
  const title = ({ row }: Audited): string => cell(inLanguage(row.title, telling.language)).replace(/[?？]$/, '');
  const words = {
    done: pick('done', '已做'),
    partly: pick('in part', '部分'),
    missing: pick('missing', '缺失'),
    unknown: pick('not known', '不清楚'),
    unanswered: pick('not answered', '未答'),
  };
  if (all.length === 0)
    return `# ${pick('Prevention audit', '预防审计')}: ${site}\n\n${pick('This session asked for no measure. Begin with: oor run prevention-audit', '本会话未询问任何措施。请先运行：oor run prevention-audit')}\n`;
  const overdue = all.filter(({ overdueDays }) => overdueDays > 0).toSorted((one, other) => other.overdueDays - one.overdueDays);
  const orphans = all.filter(({ owner }) => owner === '');
  const due = (each: Audited): string =>
    each.last === undefined ? todo({ en: 'date', 'zh-CN': '日期' }) : day(each.last + each.row.days * DAY_MS);
  return `# ${pick('Prevention audit', '预防审计')}: ${site}

${pick('Score', '得分')}: ${Math.round((100 * points) / all.length)} % (${points} / ${all.length}) · ${telling.clock.utc(telling.session.startedAt)} · ${telling.session.started.session}
${pick('Done without proof, owner and date, or too long ago: half.', '已做但无证据、责任人或日期，或已逾期：按一半计。')}

## ${pick('Overdue', '逾期')}
${overdue.map((each) => `- ${each.row.id} ${title(each)}: ${each.overdueDays} ${pick('days', '天')}，${each.owner}`).join('\n') || `- ${pick('nothing', '无')}`}

## ${pick('Without an owner', '无责任人')}
${orphans.map((each) => `- ${each.row.id} ${title(each)}: TODO(owner)`).join('\n') || `- ${pick('nothing', '无')}`}

## ${pick('Single points of failure', '单点故障')}
${listSinglePoints(telling)}

## ${pick('Second site', '备用机房')}
${listDrift(telling)}

## ${pick('All rows', '全部条目')}
| | ${pick('measure', '措施')} | ${pick('state', '状态')} | ${pick('score', '得分')} | ${pick('owner', '责任人')} | ${pick('last', '最近')} | ${pick('due', '到期')} | ${pick('proof', '证据')} |
| --- | --- | --- | --- | --- | --- | --- | --- |
${all.map((each) => `| ${each.row.id} | ${title(each)} | ${words[each.state]} | ${each.score} | ${cell(each.owner) || 'TODO(owner)'} | ${day(each.last)} | ${due(each)} | ${cell(each.proof) || '-'} |`).join('\n')}
`;
}
