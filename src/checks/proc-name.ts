/** The names a process goes by. A mere mention in its arguments is none of them: an editor on `paygw.log` is not paygw. Pure. */
import { compilePattern } from './pattern.ts';

const INTERPRETER = /^(?:node(?:js)?|deno|bun|python[\d.]*|ruby[\d.]*|perl[\d.]*|php[\d.-]*|(?:ba|da|z|k)?sh|java|dotnet|env|MainThread)$/;
/** Options that take the next argument, over all interpreters. */
const WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-cp',
  '-classpath',
  '--class-path',
  '-p',
  '--module-path',
  '-W',
  '-X',
  '-I',
  '-C',
  '--conditions',
]);
/** A program text on the command line: there is no script to name the process after. */
const INLINE_PROGRAM = new Set(['-c', '-e', '--eval', '-E']);
/** Such a script is known by the folder it lies in. */
const GENERIC_SCRIPT = /^(?:server|index|main|app|start|run|cli|manage|__main__|wsgi|asgi|boot)$/;
/** TASK_COMM_LEN: the kernel keeps 15 characters. */
const COMM_LENGTH = 15;

export interface ProcessIdentity {
  readonly comm: string;
  readonly argv: readonly string[];
}

/** Does the process go by this name? `/.../` is a pattern on its names; with a space or a slash it is the start of its command line. */
export function matchesProcess(wanted: string, identity: ProcessIdentity): boolean {
  const pattern = /^\/(.+)\/$/.exec(wanted)?.[1];
  if (pattern !== undefined) {
    const compiled = compilePattern(pattern);
    return namesOf(identity).some((name) => compiled.test(name));
  }
  if (/[\s/]/.test(wanted)) return startsCommandLine(wanted, identity.argv);
  if (namesOf(identity).includes(wanted)) return true;
  // Without a command line (zombies, kernel threads) only the cut name is left.
  return identity.argv.length === 0 && identity.comm.length === COMM_LENGTH && wanted.startsWith(identity.comm);
}

export function namesOf({ comm, argv }: ProcessIdentity): readonly string[] {
  // Daemons write titles over their arguments: `nginx: master process /usr/sbin/nginx`, `postgres: checkpointer`.
  const title = /^([^\s:/]+):(?:\s|$)/.exec(argv[0] ?? '')?.[1];
  const program = title ?? baseName((argv[0] ?? '').split(' ')[0] as string).replace(/^-/, '');
  const script = INTERPRETER.test(program) || INTERPRETER.test(comm) ? findScript(argv.slice(1)) : undefined;
  return [...new Set([comm, program, ...(script === undefined ? [] : nameScript(script))])].filter((name) => name !== '');
}

export function parseCmdline(text: string): readonly string[] {
  const trimmed = text.replace(/\0+$/, '');
  return trimmed === '' ? [] : trimmed.split('\0');
}

function startsCommandLine(wanted: string, argv: readonly string[]): boolean {
  const words = wanted.trim().split(/\s+/);
  const own = argv.length === 1 ? (argv[0] as string).split(' ') : argv;
  return words.every((word, index) => {
    const actual = own[index] ?? '';
    return actual === word || (!word.includes('/') && baseName(actual) === word);
  });
}

function findScript(args: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (INLINE_PROGRAM.has(arg)) return undefined;
    if (arg === '-jar' || arg === '-m') return args[index + 1];
    if (WITH_VALUE.has(arg)) index++;
    else if (INTERPRETER.test(baseName(arg)) || /^\w+=/.test(arg)) continue;
    else if (!arg.startsWith('-')) return arg;
  }
  return undefined;
}

function nameScript(script: string): readonly string[] {
  const file = baseName(script);
  const stem = file.replace(/\.(?:[cm]?js|[cm]?ts|py|rb|pl|php|sh|jar|dll)$/, '');
  const folder = GENERIC_SCRIPT.test(stem) ? baseName(script.slice(0, -file.length - 1)) : '';
  const unversioned = stem.replace(/[-_]v?\d[\w.]*$/, '');
  // A Java main class or a Python module is known by its last word.
  const last = file === stem ? (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/.exec(stem)?.[0].split('.').at(-1) ?? '') : '';
  return [file, stem, folder, unversioned, last];
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
