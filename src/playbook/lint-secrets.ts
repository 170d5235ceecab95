/**
 * Ways by which a secret would reach a message, a file name, a command line or the record. Secrets of the profile stand in it by name, and the
 * check that needs one asks for it itself; so nothing of a playbook ever has to carry one.
 */
import type { Check } from '../checks/check.ts';
import { v } from '../checks/schema.ts';
import { below, complainWithin, type Spot } from './build.ts';
import type { Entries } from './entries.ts';
import type { Lint } from './lint-kit.ts';
import { readsAddress, readsSecret } from './reads-secret.ts';
import type { RawStep } from './shape.ts';
import { listOf } from './shape-kit.ts';

export function lintSecrets(lint: Lint, { steps, causes, fixes, vars }: Entries): void {
  for (const { raw, spot } of steps) {
    lintQuestion(lint, raw, spot);
    if ('uses' in raw) lintParams(lint, raw.uses, raw.with, below(spot, 'with'));
  }
  for (const { raw, spot } of causes)
    listOf(raw.verify).forEach((one, index) => {
      const at = Array.isArray(raw.verify) ? below(spot, 'verify', index) : below(spot, 'verify');
      if ('uses' in one) lintParams(lint, one.uses, one.with, below(at, 'with'));
    });
  for (const { raw, spot } of [...steps, ...causes, ...fixes]) eachPlace(raw, spot, undefined, (place) => lintPlace(lint, place));
  for (const { raw, spot } of vars) eachText(raw, spot, (text, at) => lintCarried(lint, text, at, 'is carried wherever this variable is'));
}

// ---------------------------------------------------------------------------------------------- carried

/** What becomes of a value, by the key that it stands under, however deep. Texts are not filled in: see lint-texts.ts. */
const SHOWN = 'would be shown to whoever reads the run or its report';
const BECOMES: Readonly<Record<string, string>> = {
  argv: 'would become an argument, which every user of the machine can read',
  type: 'would be shown in a question',
  ...Object.fromEntries(['impact', 'host', 'component', 'on'].map((key) => [key, SHOWN])),
};
/** Expressions as they are, without `${{ }}`. */
const EXPRESSIONS = new Set(['impact']);

interface SecretPlace {
  readonly text: string;
  readonly spot: Spot;
  readonly key: string;
  /** All arguments of the command. */
  readonly argv?: unknown;
}

function lintPlace(lint: Lint, { text, spot, key, argv }: SecretPlace): void {
  const becomes = BECOMES[key] ?? '';
  if (lintCarried(lint, EXPRESSIONS.has(key) ? `\${{ ${text} }}` : text, spot, becomes) || key !== 'argv') return;
  if (readsAddress(text) && runsClient(argv))
    complain(lint, spot, text, 'the address of a database may hold its password, and arguments are seen by every user of the machine');
}

function lintCarried(lint: Lint, text: string, spot: Spot, becomes: string): boolean {
  const found = readsSecret(text);
  if (found) complain(lint, spot, text, `a secret of the profile ${becomes}`);
  return found;
}

/** Every text that becomes something, with what it stands under; parameters of checks are looked at by themselves. */
function eachPlace(
  value: unknown,
  spot: Spot,
  under: { key: string; argv?: unknown } | undefined,
  look: (place: SecretPlace) => void,
): void {
  if (typeof value === 'string') return under && look({ text: value, spot, ...under });
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'with') continue;
    const inner = under ?? (Object.hasOwn(BECOMES, key) ? { key, ...(key === 'argv' && { argv: child as unknown }) } : undefined);
    eachPlace(child, below(spot, Array.isArray(value) ? Number(key) : key), inner, look);
  }
}

const CLIENT = /^(?:psql|pg_\w+|mysql\w*|mariadb\w*|redis-cli|curl|wget)$/;

/** Also behind sudo or env, or in the words of a shell. */
function runsClient(argv: unknown): boolean {
  const words = (Array.isArray(argv) ? argv : [argv]).flatMap((word) => String(word).split(/\s+/));
  return words.some((word) => CLIENT.test(word.slice(word.lastIndexOf('/') + 1)));
}

// ---------------------------------------------------------------------------------------------- parameters

const FILE_KEYS = /^(?:file|path|dir|manifest|key_file|output|name|title)$/;

/** A parameter that takes a secret by its name is meant for it; any other stands in the record, and one that names a file is shown. */
function lintParams(lint: Lint, uses: string, params: Readonly<Record<string, unknown>> | undefined, spot: Spot): void {
  const check = Object.hasOwn(lint.registry, uses) ? lint.registry[uses] : undefined;
  for (const [key, value] of Object.entries(params ?? {}))
    eachText(value, below(spot, key), (text, at) => {
      if (FILE_KEYS.test(key)) lintCarried(lint, text, at, 'would become a file name');
      else if (!/^\s*\$\{\{(?:(?!\}\}).){0,2000}\}\}\s*$/s.test(text)) lintCarried(lint, text, at, 'would become a part of this text');
      else if (check && !takesSecret(check, key)) lintCarried(lint, text, at, `would go into ${key}, which stands in the record`);
    });
}

/** Where the shape of its parameters does not say, it may. */
function takesSecret({ params }: Check, key: string): boolean {
  const { entries } = params as { readonly entries?: Readonly<Record<string, v.GenericSchema>> };
  const entry = entries?.[key];
  if (!entry || entry.async) return true;
  const takes = (value: unknown): boolean => v.safeParse(entry, value).success;
  const name = { env: 'NAME' };
  const anyText = takes({ plain: 'text' });
  return takes({ user: 'name', password: name }) || takes({ token: name }) || (takes(name) && !anyText);
}

// ---------------------------------------------------------------------------------------------- asked for

const SECRET_WORDS =
  'passwords?|passphrases?|passcodes?|pin|cvv2?|cvc2?|cvn|card numbers?|secrets?|secret keys?|api[ _-]?keys?|access keys?|tokens?|private keys?|credentials|one-time codes?|otp|verification codes?';
const SECRET_WORDS_ZH = '密码|口令|卡号|安全码|私钥|密钥|令牌|验证码';
const ASKED = new RegExp(`\\b(?:${SECRET_WORDS})\\b|${SECRET_WORDS_ZH}`, 'i');
/** That it must not be given is no question for it. */
const FORBIDDEN = new RegExp(
  `\\b(?:no|not|never|without)\\b[^.?!;]{0,60}?\\b(?:${SECRET_WORDS})\\b|(?:勿|不要|不得|禁止|不含)[^。？！；]{0,20}?(?:${SECRET_WORDS_ZH})`,
  'gi',
);

/** Answers stand in the record. What decides between fixed answers can be no secret. */
function lintQuestion(lint: Lint, raw: RawStep, spot: Spot): void {
  if (!('ask' in raw) || (raw.type !== 'text' && raw.type !== 'number')) return;
  const key = (['ask', 'help'] as const).find((each) => {
    const texts = typeof raw[each] === 'string' ? [raw[each]] : Object.values(raw[each] ?? {});
    return texts.some((text) => ASKED.test(text.replace(FORBIDDEN, '')));
  });
  if (key)
    complain(
      lint,
      below(spot, key),
      '',
      'the answer would be a secret, and answers stand in the record',
      'ask for what shows that it is right, never for the secret itself',
    );
}

function complain(
  lint: Lint,
  spot: Spot,
  text: string,
  message: string,
  hint = 'let the program read it from its own file or environment',
): void {
  const at = Math.max(0, text.indexOf('${{'));
  complainWithin(lint, spot, at, { code: 'secret-flow', message, hint, severity: 'warning' });
}

function eachText(value: unknown, spot: Spot, look: (text: string, at: Spot) => void): void {
  if (typeof value === 'string') return look(value, spot);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) eachText(child, below(spot, Array.isArray(value) ? Number(key) : key), look);
}
