/** What a session knows for the letters that are written from it; what it does not know is marked for the one who owns the letter. */
import type { DiagnosedCause } from '../engine/diagnose.ts';
import type { FixState } from '../engine/session.ts';
import type { Json, JsonObject, Language, Text } from '../ports.ts';
import { describeDuration } from './clock-face.ts';
import type { Telling } from './incident.ts';
import { inLanguage } from './timeline-words.ts';
import { namedCauses } from './verdict-words.ts';

export interface Known {
  /** One of two texts, by the language of the letter. */
  readonly pick: (en: string, chinese: string) => string;
  readonly todo: (what: Text) => string;
  readonly site: string;
  readonly since: string;
  /** Of the impact, or of the look where nothing says when it began. */
  readonly lasted: string;
  /** False where payments are bad at the end of the record. */
  readonly over: boolean;
  readonly failed: number;
  readonly unknownOutcome: number;
  readonly value: string;
  /** Nothing failed in this record, so there is nobody to tell. */
  readonly quiet: boolean;
  /** The provider that the cause names, as the profile does. */
  readonly channel: string | undefined;
  /** What customers call the part that fails: the `label` of its provider. */
  readonly failing: string;
  /** Other ways to pay that answered when they were asked, by their `label`. */
  readonly alternatives: string;
  readonly cause: DiagnosedCause | undefined;
  readonly causeText: string;
  /** Whose fault it is, where the class of the cause says it. */
  readonly theirs: boolean;
  readonly done: readonly FixState[];
  readonly requestIds: readonly string[];
}

export function knownOf(telling: Telling): Known {
  const { session, diagnosis, plan, language, clock } = telling;
  const { scope } = diagnosis;
  const chinese = language === 'zh-CN';
  const pick = (en: string, zh: string): string => (chinese ? zh : en);
  const todo = (what: Text): string => `TODO(owner): ${inLanguage(what, language)}`;
  const end = session.endedAt ?? session.lastAt;
  const [cause] = namedCauses(telling);
  const ways = waysOf(plan.profile, language);
  const way = ways.find(({ name }) => name === cause?.component);
  const others = ways.flatMap(({ name, label }) => (label !== undefined && label !== way?.label && answered(telling, name) ? [label] : []));
  return {
    ...{ pick, todo, cause },
    site: textOr(plan.profile['site'], todo({ en: 'name of the site', 'zh-CN': '系统名称' })),
    since: scope.firstBad === undefined ? todo({ en: 'when it began', 'zh-CN': '开始时间' }) : clock.both(scope.firstBad),
    lasted:
      scope.firstBad === undefined
        ? todo({ en: 'how long it lasted', 'zh-CN': '持续时长' })
        : describeDuration(Math.max(0, end - scope.firstBad)),
    over: scope.state === 'healthy',
    quiet: scope.state === 'healthy' && scope.failed === 0 && session.fixes.size === 0 && cause === undefined,
    channel: way?.name,
    failed: scope.failed,
    unknownOutcome: scope.unknownOutcome,
    value: scope.value ?? todo({ en: 'value of the failed payments', 'zh-CN': '失败支付金额' }),
    failing: way?.label ?? todo({ en: 'which payment method fails, in words of customers', 'zh-CN': '受影响的支付方式（客户用语）' }),
    alternatives:
      way && others.length > 0
        ? [...new Set(others)].join(chinese ? '、' : ', ')
        : todo({ en: 'which methods work', 'zh-CN': '可用的支付方式' }),
    causeText: cause ? inLanguage(cause.title, language) : todo({ en: 'cause, when it is known', 'zh-CN': '根因（查明后填写）' }),
    theirs: cause?.class === 'third-party',
    done: [...session.fixes.values()].filter(({ stage }) => stage === 'validated'),
    requestIds: requestIdsOf(telling),
  };
}

function textOr(value: Json | undefined, other: string): string {
  return typeof value === 'string' && value !== '' ? value : other;
}

interface Way {
  readonly name: string;
  readonly label: string | undefined;
}

function waysOf({ providers }: JsonObject, language: Language): readonly Way[] {
  if (!Array.isArray(providers)) return [];
  return providers.flatMap((entry) => {
    if (!isObject(entry) || typeof entry['name'] !== 'string') return [];
    const label = isObject(entry['label']) ? entry['label'][language] : undefined;
    return [{ name: entry['name'], label: typeof label === 'string' ? label : undefined }];
  });
}

/** Asked in this session, and nothing about it failed. */
function answered({ session, plan }: Telling, provider: string): boolean {
  const statuses = plan.steps.flatMap(({ key, target }) =>
    target?.data['name'] === provider ? (session.results.get(key)?.status ?? []) : [],
  );
  return statuses.includes('ok') && !statuses.includes('fail');
}

/** One line each, or the one that stands for none. */
export function listed(lines: readonly string[], none: string): string {
  return lines.length === 0 ? `- ${none}` : lines.map((line) => `- ${line}`).join('\n');
}

/** As contacts stand in the profile: a name, what for, how to reach. */
export function contactsOf({ plan }: Telling): readonly string[] {
  const { contacts } = plan.profile;
  if (!Array.isArray(contacts)) return [];
  return contacts.flatMap((contact) => {
    if (!isObject(contact)) return [];
    const { name, role, reach } = contact;
    return typeof name === 'string' && typeof reach === 'string'
      ? [`${name}${typeof role === 'string' ? ` (${role})` : ''}: ${reach}`]
      : [];
  });
}

const ID_KEY = /^(request_?id|debug_?id|trace_?id|psp_?reference|rrn|stan|provider_?ref)$/i;
const ID_TEXT =
  /\b(?:request|debug|trace)[-_ ]?id["']?\s*[:=]\s*["']?(?<request>[A-Za-z0-9-]{6,64})|\bRRN[:= ]\s*(?<RRN>\d{6,12})|\bSTAN[:= ]\s*(?<STAN>\d{6})|\border[-_ ]?(?:no)?[:= ]\s*(?<order>[A-Za-z0-9-]{8,40})/gi;
const MOST_IDS = 12;

/** What a provider can look up, from what was seen; the journal holds no card numbers. */
function requestIdsOf({ session }: Telling): readonly string[] {
  const found = new Set<string>();
  const look = (value: Json | undefined, key = ''): void => {
    if (found.size >= MOST_IDS || value === undefined || value === null) return;
    if (typeof value === 'string') {
      if (ID_KEY.test(key) && value !== '') found.add(`${key} ${value}`);
      for (const { groups = {} } of value.matchAll(ID_TEXT))
        for (const [kind, id] of Object.entries(groups)) if (id !== undefined && found.size < MOST_IDS) found.add(`${kind} ${id}`);
      return;
    }
    if (typeof value !== 'object') return;
    for (const [inner, child] of Object.entries(value)) look(child as Json, inner);
  };
  for (const { facts, status } of session.results.values()) if (status === 'fail' || status === 'warn') look(facts);
  return [...found];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
