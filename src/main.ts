/** The composition root: the only builder of adapters and the only reader of `process`. Everything heavy is loaded on first use. */
import { readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import type { SshMachine } from './adapters/ssh-machines.ts';
import { lostOutput, writeStandardOutput } from './adapters/standard-output.ts';
import { createStateFolder } from './adapters/state-folder.ts';
import type { Services } from './cli/services.ts';
import type { Prepared } from './playbook/prepared.ts';
import type { JsonObject, Language, Pacer, Reconcile } from './ports.ts';
import type { CardWire } from './sandbox/card-wire.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const LAUNCHER = fileURLToPath(new URL('../bin/oor.js', import.meta.url));
const PLAYBOOKS = fileURLToPath(new URL('../playbooks/', import.meta.url));
/** Stands beside the built main; there is none when the source runs by itself. */
const PREPARED = fileURLToPath(new URL('./playbooks.json', import.meta.url));
/** Built beside main too: a thread is started from a file. */
const SIEVE = fileURLToPath(new URL('./row-sieve-thread.js', import.meta.url));
const MAX_PREPARED_BYTES = 8 * 1024 * 1024;
const MAX_SHAPES_BYTES = 1024 * 1024;

/** Answers the command line and resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    process.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  const interruption = new AbortController();
  const stopListening = listenForSignals(interruption);
  // What could not leave on stdout is told at the end; what cannot be said on stderr can be said nowhere.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    const [{ runProgram }, { createServices }] = await Promise.all([import('./cli/program.ts'), loadServices(interruption)]);
    return await runProgram(argv, createServices());
  } finally {
    stopListening();
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The first signal asks the run to save and stop; the second leaves at once. */
function listenForSignals(interruption: AbortController): () => void {
  const handlers = SIGNALS.map((signal) => {
    const handle = (): void => {
      if (interruption.signal.aborted) leaveAtOnce(signal);
      interruption.abort(signal);
    };
    process.on(signal, handle);
    return { signal, handle };
  });
  return () => {
    for (const { signal, handle } of handlers) process.off(signal, handle);
  };
}

/** By the signal itself, so that the shell sees what it was, and not by `exit`, which waits for a mount that hangs. */
function leaveAtOnce(signal: (typeof SIGNALS)[number]): void {
  try {
    if (isatty(0)) process.stdin.setRawMode(false);
    if (isatty(2)) writeSync(2, SHOW_CURSOR);
  } catch {
    // The terminal is gone.
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  process.kill(process.pid, 'SIGKILL');
}

const SHOW_CURSOR = '\u001B[?25h';

async function loadServices(interruption: AbortController): Promise<{ createServices(): Services }> {
  const [{ createClock, createTimeLimit, createRandom }, { createHash }, { hostname, homedir, userInfo }] = await Promise.all([
    import('./adapters/ambient.ts'),
    import('node:crypto'),
    import('node:os'),
  ]);
  const { env } = process;
  const localHost = hostname().split('.')[0] ?? hostname();
  const random = createRandom();
  const home = homedir();
  const { pacer, ...kept } = createStateFolder({ env, home });
  const createServices = (): Services => ({
    version: readVersion(),
    env,
    clock: createClock(),
    random,
    timeLimit: createTimeLimit(),
    interruption: interruption.signal,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    ...streams(),
    // The list of users may lie on another machine: it is read when a name is wanted.
    user: () => ({ user: nameOf(userInfo), isRoot: process.geteuid?.() === 0 }),
    ...files(home),
    ...kept,
    ...evidence(),
    ...hosts(localHost, pacer, interruption.signal),
    ...people(interruption),
    sandbox: sandbox(random, interruption.signal),
    readBytes: async (path, maxBytes) => (await import('./adapters/input-bytes.ts')).readInputBytes(path, maxBytes),
    ...cleaning(),
    workbench: async () => (await import('./adapters/workbench.ts')).openWorkbench({ signal: interruption.signal, sieve: SIEVE }),
    spawnDetached: (args) => {
      void import('node:child_process').then(({ spawn }) =>
        spawn(process.execPath, [LAUNCHER, ...args], { detached: true, stdio: 'ignore' }).unref(),
      );
    },
  });
  return { createServices };
}

function cleaning(): Pick<Services, 'cleaning'> {
  return {
    cleaning: async () => {
      const [{ listFiles, openText }, { createTextFile, standardOutput }] = await Promise.all([
        import('./adapters/text-input.ts'),
        import('./adapters/text-output.ts'),
      ]);
      return { list: listFiles, open: openText, create: createTextFile, standardOutput };
    },
  };
}

/** A uid without an entry in the list of users has no name. */
function nameOf(userInfo: () => { readonly username: string }): string {
  try {
    return userInfo().username;
  } catch {
    return `#${process.geteuid?.() ?? 0}`;
  }
}

function streams(): Pick<Services, 'terminal' | 'out' | 'lostOutput' | 'err' | 'painter' | 'command'> {
  return {
    command: [process.execPath, LAUNCHER],
    terminal: {
      // The streams themselves are made when they are used.
      stdinIsTTY: isatty(0),
      stdoutIsTTY: isatty(1),
      stderrIsTTY: isatty(2),
      columns: isatty(2) ? process.stderr.columns : undefined,
      ...(isatty(2) && { wrap: wrapAt(process.stderr.columns) }),
    },
    // The result must have left before the process may end.
    out: writeStandardOutput,
    lostOutput,
    err: (text) => void process.stderr.write(text),
    painter: async (colour) => {
      if (!colour) return (_style, text) => text;
      return (await import('./adapters/paint.ts')).createPainter();
    },
  };
}

function evidence(): Pick<Services, 'archives' | 'programDigest' | 'secretsOf' | 'secrets' | 'webhook'> {
  return {
    secretsOf,
    secrets: async () => {
      const { createSecrets, createLocalHost } = await import('./adapters/this-machine.ts');
      return createSecrets({ env: process.env, readFile: createLocalHost().readFile });
    },
    webhook: async () => (await import('./adapters/webhook.ts')).createWebhook(),
    programDigest: async () => (await import('./adapters/program-digest.ts')).digestFolder(dirname(fileURLToPath(import.meta.url))),
    archives: async () => {
      const [{ createArchives }, { isEntryName }] = await Promise.all([import('./adapters/archives.ts'), import('./bundle/names.ts')]);
      return createArchives(isEntryName);
    },
  };
}

function files(
  home: string,
): Pick<
  Services,
  | 'readFile'
  | 'writeFile'
  | 'isForeign'
  | 'shippedPlaybooks'
  | 'shippedFixtures'
  | 'shippedSchema'
  | 'writtenHosts'
  | 'drills'
  | 'profilePlaces'
  | 'redactor'
> {
  const { env } = process;
  let shipped: ReturnType<Services['shippedPlaybooks']> | undefined;
  return {
    readFile: async (path, maxBytes) => (await import('./adapters/ambient.ts')).readTextFile(path, maxBytes),
    writeFile: async (path, text, mode) => (await import('./adapters/atomic-file.ts')).writeFileAtomically(path, text, mode),
    isForeign: async (path) => (await import('./adapters/ambient.ts')).isForeign(path),
    shippedPlaybooks: () => {
      shipped ??= readShippedPlaybooks();
      return shipped;
    },
    shippedFixtures: join(PLAYBOOKS, 'fixtures'),
    shippedSchema: async (of) => readFileSync(join(PLAYBOOKS, 'schema', `${of}.v1.json`), 'utf8'),
    writtenHosts: async () => (await import('./adapters/written-host.ts')).createWrittenHost,
    drills: readDrills,
    profilePlaces: ['oor.yaml', `${env['XDG_CONFIG_HOME'] ?? `${home}/.config`}/oor/oor.yaml`, '/etc/oor/oor.yaml'],
    redactor: async (profile, harmless = []) => {
      const [{ createRedactor }, { findMessages }, { redactOnce }, secrets] = await Promise.all([
        import('./redact/index.ts'),
        import('./payments/iso8583/find-messages.ts'),
        import('./engine/redact-once.ts'),
        secretsOf(profile),
      ]);
      let issuers: Record<string, number> = {};
      const onIssuer = (issuer: string): void => {
        issuers[issuer] = (issuers[issuer] ?? 0) + 1;
      };
      const redactor = createRedactor({ secrets, harmless, messages: findMessages, onIssuer });
      return redactOnce((value) => {
        issuers = {};
        const { value: clean, counts } = redactor.json(value);
        return { value: clean, count: Object.values(counts).reduce((sum, count) => sum + count, 0), counts, issuers };
      });
    },
  };
}

/** What stands behind the secrets that a profile names. */
async function secretsOf(profile: JsonObject): Promise<readonly string[]> {
  const { revealAll, createLocalHost } = await import('./adapters/this-machine.ts');
  return await revealAll(profile, { env: process.env, readFile: createLocalHost().readFile });
}

/** Texts, and beside each what the build prepared from this very text. */
async function readShippedPlaybooks(): ReturnType<Services['shippedPlaybooks']> {
  const [{ readFolder, readTextFile }, { createHash }] = await Promise.all([import('./adapters/ambient.ts'), import('node:crypto')]);
  const [sources, prepared] = await Promise.all([readFolder(PLAYBOOKS, '.yaml'), readTextFile(PREPARED, MAX_PREPARED_BYTES)]);
  const kept = JSON.parse(prepared ?? '{}') as Record<string, { readonly sha256: string; readonly prepared: Prepared }>;
  return sources.map(({ file, text }) => {
    const found = kept[file];
    const fits = found !== undefined && found.sha256 === createHash('sha256').update(text).digest('hex');
    return fits ? { file, text, prepared: found.prepared } : { file, text };
  });
}

async function readDrills(): ReturnType<Services['drills']> {
  const { readFolder, readTextFile } = await import('./adapters/ambient.ts');
  const [files, shapes] = await Promise.all([
    readFolder(`${PLAYBOOKS}drills/`, '.yaml'),
    readTextFile(`${PLAYBOOKS}fixtures/_shapes.yaml`, MAX_SHAPES_BYTES),
  ]);
  return { files, shapes: shapes ?? '{}' };
}

function hosts(
  localHost: string,
  pacerIn: (stateDir: string | undefined) => Pacer,
  interruption: AbortSignal,
): Pick<Services, 'localHost' | 'hosts' | 'actors'> {
  return {
    localHost,
    hosts: async (profile, stateDir) => {
      const [{ createLocalHost, createProtocols, createSecrets }, remote] = await Promise.all([
        import('./adapters/this-machine.ts'),
        remoteMachines(profile),
      ]);
      const host = createLocalHost({ name: localHost, ...(!isatty(0) && { standardInput: () => process.stdin }) });
      // Secrets and the pace towards others are the operator's, wherever they are used.
      const shared = { secrets: createSecrets({ env: process.env, readFile: host.readFile }), pacer: pacerIn(stateDir) };
      const local = { host, net: createProtocols(host), ...shared, reconcile: reconcile(interruption) };
      return (name) => {
        if (name === localHost || name === '') return local;
        const machine = remote(name);
        return machine && { ...machine, ...shared };
      };
    },
    actors: async (profile) => {
      const [{ createLocalActor }, remote] = await Promise.all([import('./adapters/actor.ts'), remoteMachines(profile)]);
      const actor = createLocalActor({ name: localHost });
      return (name) => (name === localHost ? actor : remote(name)?.actor);
    },
  };
}

/** For a check; loaded when one asks. */
function reconcile(interruption: AbortSignal): Reconcile {
  return async (request) => {
    const [{ reconcileFor }, { openWorkbench }, { readTextFile }] = await Promise.all([
      import('./cli/reconcile-port.ts'),
      import('./adapters/workbench.ts'),
      import('./adapters/ambient.ts'),
    ]);
    const workbench = (): ReturnType<typeof openWorkbench> =>
      openWorkbench({ signal: AbortSignal.any([interruption, request.signal]), sieve: SIEVE });
    return await reconcileFor({ readFile: readTextFile, nowMs: Date.now(), workbench }, request);
  };
}

/** Loaded only where the profile names other machines. */
async function remoteMachines(profile: JsonObject): Promise<(name: string) => SshMachine | undefined> {
  if (!Array.isArray(profile['hosts']) || profile['hosts'].length === 0) return () => undefined;
  const { findSshMachine } = await import('./adapters/ssh-machines.ts');
  return (name) => findSshMachine(profile, name);
}

function people(interruption: AbortController): Pick<Services, 'askStart' | 'operator' | 'progress'> {
  return {
    askStart: async ({ language }, propose) =>
      (await import('./adapters/start-menu.ts')).askStart({
        input: process.stdin,
        output: process.stderr,
        language,
        propose,
        signal: interruption.signal,
      }),
    operator: async ({ interactive, language, ascii, accessible, colourErr }, answers) => {
      const [{ createScriptedOperator }, { matchesPattern }] = await Promise.all([
        import('./adapters/scripted-operator.ts'),
        import('./checks/pattern.ts'),
      ]);
      const scripted = { answers: answers.file, flags: answers.flags, allowFixes: answers.allowFix, matches: matchesPattern };
      if (!interactive) return createScriptedOperator(scripted);
      const [{ createTerminalOperator }, { escapeControl }] = await Promise.all([
        import('./adapters/terminal-operator.ts'),
        import('./report/escape.ts'),
      ]);
      const fallback = createTerminalOperator({
        input: process.stdin,
        output: process.stderr,
        language,
        ascii,
        accessible,
        colour: colourErr,
        escape: escapeControl,
        matches: matchesPattern,
        onInterrupt: () => interruption.abort('SIGINT'),
      });
      return createScriptedOperator({ ...scripted, fallback });
    },
    progress: async ({ language, ascii, colourErr, animated }) => {
      const [{ createProgress }, { escapeControlInLine }] = await Promise.all([
        import('./adapters/progress.ts'),
        import('./report/escape.ts'),
      ]);
      return createProgress({ output: process.stderr, language, ascii, colour: colourErr, animated, escape: escapeControlInLine });
    },
  };
}

function sandbox(random: Services['random'], signal: AbortSignal): Services['sandbox'] {
  return {
    faults: async () => {
      const { listFaults } = await import('./sandbox/faults.ts');
      return listFaults().map((fault) => ({
        ...fault,
        available: fault.available ?? true,
        repairable: fault.repair.length > 0 && fault.fix !== 'switch-channel' && fault.harmless !== true,
      }));
    },
    start: async (fault) => (await import('./sandbox/child.ts')).startInChild({ launcher: LAUNCHER, fault }),
    left: async (dir) => (await import('./sandbox/child.ts')).findLeft(dir),
    serve: async (dir, fault) => {
      const { serveSandbox } = await import('./sandbox/serve.ts');
      const controlArgv = [process.execPath, LAUNCHER, 'sandbox', 'control', '--dir', dir];
      const onReady = (profile: string): void => void process.stdout.write(`${profile}\n`);
      await serveSandbox({
        dir,
        ...(fault !== 'none' && { fault }),
        controlArgv,
        cardWire: await cardWire(fault),
        random,
        signal,
        onReady,
      });
    },
    control: async (dir, verb, [target, ...more]) =>
      (await import('./sandbox/control.ts')).controlSandbox({ dir, verb, ...(target !== undefined && { target }), more }),
  };
}

/** A card line costs a moment: only a stack whose fault is there has one. */
async function cardWire(fault: string): Promise<CardWire | undefined> {
  if (!fault.startsWith('switch-')) return undefined;
  return (await import('./payments/iso8583/wire.ts')).createWire({ dialect: 'iso87-ascii', framing: 'len2-binary' });
}

/** The last column stays free: a full line would wrap by itself. */
function wrapAt(columns = 80): (text: string, language: Language) => Promise<string> {
  return async (text, language) => {
    const { wrap } = await import('./adapters/terminal-layout.ts');
    // What is indented belongs to what stands above it; a paragraph goes on where it began.
    const hangOf = (line: string): number => (line.startsWith(' ') ? Math.min(line.search(/\S|$/) + 2, columns >> 1) : 0);
    return text
      .split('\n')
      .flatMap((line) => wrap(line, columns - 1, language, hangOf(line)))
      .join('\n');
  };
}
