/** What the fold, the reports and the bundle rely on in each record. More may stand there; nothing of this may be missing. Pure. */
import { NOTICE_KINDS } from '../playbook/playbook.ts';
import type { Json } from '../ports.ts';
import type { EventType } from './events.ts';
import { isObject } from './targets.ts';

/** `?` at the end of a key: it may be missing. A list of words: one of them. `[shape]`: a list. */
type Shape =
  | 'any'
  | 'text'
  | 'number'
  | 'flag'
  | 'plain'
  | 'digest'
  | 'instant'
  | 'minutes'
  | 'duration'
  | 'texts'
  | 'object'
  | 'counts'
  | 'source'
  | { readonly words: readonly string[] }
  | { readonly list: Shape }
  | { readonly orNull: Shape }
  | { readonly [key: string]: Shape };

const STATUS: Shape = { words: ['ok', 'warn', 'fail', 'unknown', 'skipped', 'not-applicable'] };
const ARTIFACT: Shape = {
  source: 'source',
  host: 'text',
  collected: {
    words: [
      'ok',
      'failed',
      'timed-out',
      'not-found',
      'not-installed',
      'no-permission',
      'skipped-by-operator',
      'withheld',
      'out-of-window',
      'over-cap',
    ],
  },
  'exit_code?': { orNull: 'number' },
  at: 'instant',
  duration_ms: 'duration',
  bytes: 'number',
  truncated: 'flag',
  'digest?': 'digest',
  'redactions?': { list: { rule: 'text', count: 'number' } },
  'issuers?': 'counts',
  'outside_window?': 'number',
  'withheld_lines?': 'number',
  'why?': 'text',
  'unlock?': 'text',
};
const COMMAND: Shape = {
  argv: 'texts',
  exit_code: { orNull: 'number' },
  output: 'text',
  duration_ms: 'duration',
  'until?': { ok: 'flag', steps: { list: { key: 'text', status: 'text', code: 'text' } } },
};
const JUDGEMENT: Shape = {
  status: STATUS,
  code: 'text',
  'data?': 'object',
  'value?': 'any',
  'unit?': 'text',
  'threshold?': 'any',
  'thresholdSource?': 'text',
  'unlock?': 'text',
};
const STARTED: Shape = {
  schema_version: 'number',
  session: 'text',
  tool: { name: 'text', version: 'text' },
  playbook: { id: 'text', file: 'text', sha256: 'text', text: 'text', included: { list: { name: 'text', text: 'text' } } },
  profile: { file: 'text', sha256: 'text', data: 'object' },
  inputs: 'object',
  local_host: 'text',
  'utc_offset_min?': 'minutes',
  language: { words: ['en', 'zh-CN'] },
  flags: {
    interactive: 'flag',
    allow_fix: 'texts',
    dry_run: 'flag',
    concurrency: 'number',
    since: 'instant',
    'until?': 'instant',
    deadline_ms: { orNull: 'number' },
    ephemeral: 'flag',
  },
  symptom: 'text',
};
const STEPS: Shape = { list: { key: 'text', status: 'text' } };

export const EVENT_SHAPES: Readonly<Record<EventType, Shape>> = {
  'session.started': STARTED,
  'session.resumed': { interactive: 'flag', torn_bytes: 'number', allow_fix: 'texts' },
  'step.started': { key: 'text', loop: 'number', params: 'any', host: 'text' },
  'step.finished': {
    key: 'text',
    loop: 'number',
    judgement: JUDGEMENT,
    facts: 'any',
    duration_ms: 'duration',
    attempts: { list: { status: 'text', code: 'text', at: 'instant', duration_ms: 'duration' } },
    redactions: 'number',
    'earlier?': 'object',
    'artifacts?': { list: ARTIFACT },
  },
  'step.decided': {
    key: 'text',
    loop: 'number',
    status: { words: ['skipped', 'not-applicable', 'unknown'] },
    reason: 'text',
    detail: 'text',
  },
  'answer.given': { id: 'text', value: 'plain', source: 'text' },
  'answer.withdrawn': { id: 'text' },
  'question.skipped': { id: 'text', reason: 'text' },
  'question.unanswered': { id: 'text' },
  'note.added': { text: 'text', 'id?': 'text', 'by?': 'text', 'at?': 'instant', 'classified_at?': 'instant', 'notified_at?': 'instant' },
  'verify.started': { key: 'text', loop: 'number' },
  'verify.finished': {
    key: 'text',
    loop: 'number',
    outcome: { words: ['confirmed', 'refuted', 'unknown'] },
    detail: 'text',
    facts: 'any',
    'artifacts?': { list: ARTIFACT },
  },
  'evidence.collected': { artifacts: { list: ARTIFACT } },
  'mitigation.requested': { captured: 'texts' },
  'mitigation.closed': {},
  'fix.declined': { key: 'text', reason: 'text' },
  'fix.consented': { key: 'text', source: 'text', guided: 'flag' },
  'fix.saved': { key: 'text', name: 'text', command: COMMAND },
  'fix.started': { key: 'text', argvs: { list: 'texts' }, host: 'text' },
  'fix.finished': { key: 'text', ok: 'flag', commands: { list: COMMAND } },
  'rehearsal.finished': { key: 'text', command: COMMAND },
  'fix.planned': { key: 'text', argvs: { list: 'texts' }, command: { orNull: COMMAND } },
  'fix.validated': { key: 'text', ok: 'flag', steps: { list: { key: 'text', status: 'text', code: 'text' } } },
  'fix.rolled-back': { key: 'text', ok: 'flag', commands: { list: COMMAND }, reason: 'text' },
  'loop.started': { loop: 'number', since: 'instant' },
  'soak.sampled': { ok: 'flag', steps: STEPS },
  'soak.finished': { ok: 'flag', samples: 'number' },
  'notice.due': {
    notice: 'text',
    what: { words: NOTICE_KINDS },
    messages: 'object',
  },
  'notice.finished': {
    notice: 'text',
    to: 'text',
    outcome: { words: ['delivered', 'refused', 'failed', 'withheld'] },
    attempts: 'number',
    duration_ms: 'duration',
    'why?': 'text',
    'id?': 'text',
    'at?': 'instant',
  },
  'deadline.passed': {},
  'session.interrupted': { signal: 'text' },
  'session.ended': {
    verdict: { words: ['healthy', 'fault', 'unknown'] },
    outcome: {
      words: [
        'healthy',
        'false-alarm',
        'fixed',
        'mitigated',
        'waiting-third-party',
        'fault-found',
        'fix-failed',
        'inconclusive',
        'aborted',
      ],
    },
    exit_code: 'number',
  },
};

/** Of a `Date`, ECMAScript. */
const MAX_INSTANT = 8.64e15;
/** No clock is further from UTC. */
const MAX_OFFSET_MIN = 24 * 60;
/** A year. */
const MAX_DURATION_MS = 366 * 86_400_000;

const KINDS: Readonly<Record<Extract<Shape, string>, (value: Json | undefined) => boolean>> = {
  any: () => true,
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  plain: (value) => ['string', 'number', 'boolean'].includes(typeof value),
  digest: (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value),
  instant: (value) => typeof value === 'number' && Math.abs(value) <= MAX_INSTANT,
  duration: (value) => typeof value === 'number' && value >= 0 && value <= MAX_DURATION_MS,
  minutes: (value) => typeof value === 'number' && Math.abs(value) <= MAX_OFFSET_MIN,
  texts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  object: isObject,
  counts: (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'number'),
  source: (value) => isObject(value) && ('argv' in value ? KINDS.texts(value['argv']) : typeof value['file'] === 'string'),
};

/** Which field is missing or of another kind, by its path; undefined: nothing is. */
export function faultOf(value: Json | undefined, shape: Shape, path: string): string | undefined {
  const place = path === '' ? 'data' : path.slice(1);
  if (value === undefined) return `${place} is missing`;
  if (typeof shape === 'string') return KINDS[shape](value) ? undefined : `${place} is not what it should be`;
  if (isWords(shape)) return shape.words.includes(String(value)) ? undefined : `${place} is none of ${shape.words.join(', ')}`;
  if (isOrNull(shape)) return value === null ? undefined : faultOf(value, shape.orNull, path);
  if (isList(shape)) {
    if (!Array.isArray(value)) return `${place} is no list`;
    return first(value.map((each, index) => () => faultOf(each, shape.list, `${path}.${index}`)));
  }
  if (!isObject(value)) return `${place} is no object`;
  return first(
    Object.entries(shape).map(([key, inner]) => () => {
      const name = key.replace(/\?$/, '');
      return name !== key && value[name] === undefined ? undefined : faultOf(value[name], inner, `${path}.${name}`);
    }),
  );
}

function first(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const fault = look();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isWords(shape: object): shape is { readonly words: readonly string[] } {
  return 'words' in shape && Array.isArray(shape.words);
}

function isOrNull(shape: object): shape is { readonly orNull: Shape } {
  return 'orNull' in shape;
}

function isList(shape: object): shape is { readonly list: Shape } {
  return 'list' in shape;
}
