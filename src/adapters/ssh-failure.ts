import { HostError } from '../errors.ts';
import type { Reach } from '../ports.ts';
import { CONNECT_TIMEOUT_S, type SshTarget } from './ssh-arguments.ts';

type Outcome = Exclude<Reach['outcome'], 'reached'>;

/** The other machine cannot be looked at; remembered, so that the next question is answered at once. */
export class SshUnreachable extends HostError {
  readonly outcome: Outcome;
  /** What ssh said, or what was seen. */
  readonly words: string;

  constructor(outcome: Outcome, target: SshTarget, words: string) {
    super('unreachable', `${target.name} cannot be reached by ssh ${target.ssh}: ${words}`, unlockOf(outcome, target));
    this.name = 'SshUnreachable';
    this.outcome = outcome;
    this.words = words;
  }
}

/** OpenSSH's own messages, in the order in which they would be said; the first that fits tells how far it came. */
const WORDS: readonly (readonly [RegExp, Outcome])[] = [
  [/could not resolve hostname|name or service not known|temporary failure in name resolution/i, 'name-not-resolved'],
  [/remote host identification has changed|differs from the key for/i, 'host-key-changed'],
  [/host key verification failed|no \S+ host key is known/i, 'host-key-unknown'],
  [/permission denied|too many authentication failures|no more authentication methods/i, 'permission-denied'],
  [
    /banner exchange|kex_exchange_identification|no matching|connection (closed|reset) by|bad packet|ssh_dispatch_run_fatal/i,
    'no-handshake',
  ],
  [/connection refused/i, 'refused'],
  [/timed out/i, 'timed-out'],
  [/no route to host|network is unreachable|host is down/i, 'unreachable'],
  [/bad configuration option|bad owner or permissions|configuration/i, 'bad-configuration'],
];

export function explainSshFailure(target: SshTarget, output: string): SshUnreachable {
  const words = withoutDebug(output);
  const outcome = WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? 'no-shell';
  return new SshUnreachable(outcome, target, lastLine(words));
}

/** What it says with -v is not meant for people. */
function withoutDebug(output: string): string {
  return output.replace(/^(debug\d: |OpenSSH_).*\n?/gm, '').trim();
}

/** The line that says it; a warning of fifteen lines about a changed key ends in one too. */
function lastLine(words: string): string {
  const lines = words
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => WORDS.some(([pattern]) => pattern.test(line))) ?? lines.at(-1) ?? 'no reason given';
}

export function tookTooLong(target: SshTarget): SshUnreachable {
  return new SshUnreachable('no-shell', target, `no shell within ${2 * CONNECT_TIMEOUT_S} s`);
}

export function wentSilent(target: SshTarget, words: string): SshUnreachable {
  return new SshUnreachable('lost', target, lastLine(withoutDebug(words)));
}

function unlockOf(outcome: Outcome, { name, ssh }: SshTarget): string {
  switch (outcome) {
    case 'permission-denied':
      return `a key that ${name} accepts without a question: ssh-copy-id, or IdentityFile and an agent for ${ssh}`;
    case 'host-key-unknown':
      return `its host key in known_hosts: compare the fingerprint once with ssh ${ssh}`;
    case 'host-key-changed':
      return `find out why the key of ${name} changed before you trust it: a new machine, or another one in between`;
    case 'name-not-resolved':
      return `a name in hosts[].ssh that resolves here, or an alias in ~/.ssh/config`;
    case 'bad-configuration':
      return `correct the configuration of ssh for ${ssh}`;
    case 'no-shell':
      return `a login on ${name} that gives a shell within ${2 * CONNECT_TIMEOUT_S} s: ssh ${ssh} true`;
    default:
      return `${name} reachable by ssh ${ssh}, or run oor there`;
  }
}
