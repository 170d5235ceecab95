/**
 * Ways by which a secret would reach a message, a file name, a command line or the record. Secrets of the profile stand in it by name, and the
 * check that needs one asks for it itself; so nothing of a playbook ever has to hold or carry one.
 */
import { below, type Spot } from './build.ts';
import type { Entries } from './entries.ts';
import { type Lint, warn } from './lint-kit.ts';
import type { RawFix, RawStep } from './shape.ts';
import { listOf } from './shape-kit.ts';

export function lintSecrets(lint: Lint, { steps, causes, fixes, vars }: Entries): void {
  for (const { raw, spot } of steps) {
    lintQuestion(lint, raw, spot);
    if ('uses' in raw) lintPlaces(lint, raw.with, below(spot, 'with'));
  }
  for (const { raw, spot } of causes)
    listOf(raw.verify).forEach((one, index) => {
      const at = Array.isArray(raw.verify) ? below(spot, 'verify', index) : below(spot, 'verify');
      if ('uses' in one) lintPlaces(lint, one.with, below(at, 'with'));
    });
  for (const { raw, spot } of fixes) lintCommands(lint, raw, spot);
  for (const { raw, spot } of [...steps, ...causes, ...fixes, ...vars]) eachText(raw, spot, (text, at) => lintWritten(lint, text, at));
}

// ---------------------------------------------------------------------------------------------- written down

const WRITTEN: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /:\/\/[^/\s:@${}]+:(?!\$\{\{)[^@\s/]{2,}@/,
  /\b(?:pass(?:word|wd)?|secret|token|api[_-]?key|access[_-]?key|authorization|pwd)["']?\s*[=:]\s*["']?(?!\$\{\{)(?:(?:bearer|basic)\s+)?[\w+/.~!@#%^*-]{8,}/i,
  /\b(?:sk|rk)_(?:live|test)_\w{8,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}/,
];

function lintWritten(lint: Lint, text: string, spot: Spot): void {
  if (!WRITTEN.some((pattern) => pattern.test(text))) return;
  warn(lint, spot, {
    code: 'secret-written',
    message: 'a secret is written here; it goes into the record of every run',
    hint: 'the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
  });
}

// ---------------------------------------------------------------------------------------------- carried

/** Entries of the profile that hold a secret, or may. */
const SECRET_PATHS = /\b(?:target|profile(?:\.\w+)*)(?:\.\w+)*\.(?:credentials|passphrase|password|secret|token|private_key|api_key)\b/;
/** An address of a database or cache may be `{env: NAME}`, with a password behind it. */
const SECRET_ADDRESS = /\btarget\.url\b/;
const FILE_KEYS = /^(?:file|path|dir|manifest|key_file|output|name|title)$/;

/** A parameter that becomes a name or a path is shown; one that takes a secret is meant for it. */
function lintPlaces(lint: Lint, params: Readonly<Record<string, unknown>> | undefined, spot: Spot): void {
  for (const [key, value] of Object.entries(params ?? {})) {
    if (!FILE_KEYS.test(key) || typeof value !== 'string' || !SECRET_PATHS.test(value)) continue;
    complain(lint, below(spot, key), 'a secret of the profile would become a file name');
  }
}

function lintCommands(lint: Lint, raw: RawFix, spot: Spot): void {
  const commands = (key: 'before' | 'run' | 'rollback' | 'dry_run'): readonly [argv: unknown, at: Spot][] => {
    const given = raw[key];
    if (given === undefined || (typeof given === 'object' && 'none' in given)) return [];
    if (!Array.isArray(given)) return [[(given as { argv: unknown }).argv, below(spot, key, 'argv')]];
    return given.map(({ argv }, index) => [argv, below(spot, key, index, 'argv')]);
  };
  for (const [argv, at] of (['before', 'run', 'rollback', 'dry_run'] as const).flatMap(commands))
    eachText(argv, at, (text, place) => {
      if (SECRET_PATHS.test(text))
        complain(lint, place, 'a secret of the profile would become an argument, which every user of the machine can read');
      else if (text.includes('${{') && SECRET_ADDRESS.test(text) && isDatabaseProgram(argv))
        complain(lint, place, 'the address of a database may hold its password, and arguments are seen by every user of the machine');
    });
  const confirm = typeof raw.confirm === 'object' ? raw.confirm.type : '';
  if (SECRET_PATHS.test(confirm)) complain(lint, below(spot, 'confirm', 'type'), 'a secret of the profile would be shown in a question');
}

function isDatabaseProgram(argv: unknown): boolean {
  return /^(?:psql|pg_\w+|mysql\w*|mariadb\w*|redis-cli|curl|wget)$/.test(String(Array.isArray(argv) ? argv[0] : '').replace(/^.*\//, ''));
}

function complain(lint: Lint, spot: Spot, message: string): void {
  warn(lint, spot, { code: 'secret-flow', message, hint: 'let the program read it from its own file or environment' });
}

// ---------------------------------------------------------------------------------------------- asked for

const ASKED =
  /\b(?:password|passphrase|pin|cvv|cvc|cvn|card number|secret|api key|token|private key)\b|密码|口令|卡号|安全码|私钥|密钥内容/i;

/** Answers stand in the record. What decides between fixed answers can be no secret. */
function lintQuestion(lint: Lint, raw: RawStep, spot: Spot): void {
  if (!('ask' in raw) || (raw.type !== 'text' && raw.type !== 'number')) return;
  const texts = typeof raw.ask === 'string' ? [raw.ask] : Object.values(raw.ask);
  if (!texts.some((text) => ASKED.test(text) && !/\b(?:no|not|never|without)\b|勿|不要|切勿/i.test(text))) return;
  warn(lint, below(spot, 'ask'), {
    code: 'secret-flow',
    message: 'the answer would be a secret, and answers stand in the record',
    hint: 'ask for what shows that it is right, never for the secret itself',
  });
}

function eachText(value: unknown, spot: Spot, look: (text: string, at: Spot) => void): void {
  if (typeof value === 'string') return look(value, spot);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) eachText(child, below(spot, Array.isArray(value) ? Number(key) : key), look);
}
