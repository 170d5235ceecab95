/** Kernel messages to classified events. Pure; the texts are those of Linux 3.10 to 6.x. */

/** Worst first: the first class seen names the finding. */
export const KERNEL_EVENT_CLASSES = [
  'readonly-remount',
  'machine-check-fatal',
  'filesystem-error',
  'io-error',
  'raid-failure',
  'oom-kill',
  'crash',
  'hung-task',
  'machine-check',
  'conntrack-full',
  'neighbour-full',
  'file-limit',
  'process-limit',
  'tcp-memory',
  'syn-flood',
  'mount-timeout',
  'link-down',
  'thermal',
  'segfault',
  'link-up',
] as const;
export type KernelEventClass = (typeof KERNEL_EVENT_CLASSES)[number];

export interface KernelEvent {
  readonly class: KernelEventClass;
  readonly at: number;
  readonly text: string;
  /** The process that was killed, hung or crashed, as the kernel names it: 15 characters at most. */
  readonly process?: string;
  readonly pid?: number;
}

export interface KernelLine {
  /** Epoch ms. */
  readonly at: number;
  readonly text: string;
}

const TEXT_LENGTH = 200;

/** A pattern with a group named `process` (and `pid`) tells who it was about. */
const RULES: readonly (readonly [KernelEventClass, RegExp])[] = [
  ['oom-kill', /Killed process (?<pid>\d+),? \((?<process>.*?)\)(?:,|\s|$)/],
  ['hung-task', /INFO: task (?<process>.+):(?<pid>\d+) blocked for more than/],
  [
    'crash',
    /^(?:(?:watchdog: )?BUG: |Oops: |Kernel panic|kernel BUG at|Internal error: Oops|general protection fault|Unable to handle kernel|(?:rcu: )?INFO: rcu_\w+ (?:self-)?detected stall|.*detected hard LOCKUP)/i,
  ],
  [
    'readonly-remount',
    /Remounting filesystem read-only|EXT4-fs .*shut ?down requested|forced readonly|XFS .*(?:Shutting down filesystem|[Ff]ilesystem has been shut down|shut down due to)/i,
  ],
  [
    'filesystem-error',
    /^EXT[234]-fs (?:error|\([^)]*\): error:)|^BTRFS (?:error|critical)|^JBD2: .*(?:[Ee]rror|aborted)|^F2FS-fs .*corrupt|^FAT-fs .*error|Aborting journal|^XFS .*(?:corruption|metadata I\/O error|log I\/O error)/i,
  ],
  // Virtual machines report their absent floppy and DVD drives for ever.
  [
    'io-error',
    /Buffer I\/O error on dev(?:ice)? (?!fd\d|sr\d)|\b(?:I\/O|medium|target|offline|timeout|transport) error, dev (?!fd\d|sr\d)|EXT4-fs warning .*I\/O error|^ata\d+(?:\.\d+)?: (?:exception Emask|failed command|COMRESET failed)|^nvme \S+ (?:.*I\/O .*timeout|.*controller is down)|rejecting I\/O to (?:offline|dead) device/i,
  ],
  ['raid-failure', /^md\/raid.*Disk failure|^md: kicking non-fresh/],
  [
    'machine-check-fatal',
    /\[Hardware Error\].*(?:\bfatal\b|\bUncorrected\b)|^EDAC .*\bUE\b|Uncorrected hardware memory error|^Memory failure: 0x/i,
  ],
  ['machine-check', /\[Hardware Error\]|Machine check events logged|^EDAC .*\bCE\b/],
  ['conntrack-full', /nf_conntrack: .*table full|ip_conntrack: table full/],
  ['neighbour-full', /neighbou?r(?:: \w+:)? table overflow/i],
  ['file-limit', /VFS: file-max limit \d+ reached/],
  ['process-limit', /cgroup: fork rejected by pids controller/],
  ['tcp-memory', /TCP: (?:out of memory|too many orphaned sockets)/],
  ['syn-flood', /possible SYN flooding/i],
  ['mount-timeout', /nfs: server \S+ not responding|CIFS: .*has not responded|^libceph: .*session lost/],
  ['link-down', /\blink is down\b|: link down\b|link status definitely down/i],
  ['link-up', /\blink is up\b|: link up\b|link status definitely up/i],
  ['thermal', /temperature (?:is )?above threshold|clock (?:is )?throttled|critical temperature reached/i],
  ['segfault', /^(?:traps: )?(?<process>.{1,15}?)\[(?<pid>\d+)\]:? (?:segfault at|general protection|trap )/],
];

export function classifyKernelLine({ at, text }: KernelLine): KernelEvent | undefined {
  for (const [name, rule] of RULES) {
    const match = rule.exec(text);
    if (match) return { class: name, at, text: text.slice(0, TEXT_LENGTH), ...whoOf(match.groups) };
  }
  return undefined;
}

/** `dmesg --time-format iso`: `2026-01-15T11:50:00,123456+00:00 text`. A line without a time belongs to the one before. */
export function parseIsoLines(output: string): readonly KernelLine[] {
  const lines: KernelLine[] = [];
  for (const line of output.split('\n')) {
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[,.](\d{1,6})([+-]\d\d:?\d\d) (.*)$/.exec(line);
    const at = match ? Date.parse(`${match[1]}.${match[2]?.slice(0, 3)}${match[3]}`) : lines.at(-1)?.at;
    const text = withoutCaller(match?.[4] ?? line).trim();
    if (at !== undefined && Number.isFinite(at) && text !== '') lines.push({ at, text });
  }
  return lines;
}

/** `journalctl -o short-unix`: `1768477800.123456 host kernel: text`. */
export function parseJournalLines(output: string): readonly KernelLine[] {
  return output.split('\n').flatMap((line) => {
    const match = /^(\d+)\.(\d{1,6}) \S+ kernel: (.*)$/.exec(line);
    return match ? [{ at: Number(match[1]) * 1_000 + Number(match[2]?.slice(0, 3)), text: withoutCaller(match[3] ?? '') }] : [];
  });
}

/** Of a line of `dmesg`, kern.log or the journal: without the time, the host and the seconds since the start. */
export function bareMessage(line: string): string {
  const text = line.replace(/^.{0,120}?\bkernel: ?/, '').replace(/^\d{4}-\d\d-\d\dT[\d:.,+-]+ /, '');
  return withoutCaller(text.replace(/^(?:<\d+>)?\[\s*\d+\.\d+\] /, '').replace(/^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [\d :]+\] /, ''));
}

/** Kernels built with CONFIG_PRINTK_CALLER put `[T123]` or `[C0]` in front. */
function withoutCaller(text: string): string {
  return text.replace(/^\[\s*[TC]\d+\]\s+/, '');
}

function whoOf(groups: Readonly<Record<string, string>> | undefined): { readonly process?: string; readonly pid?: number } {
  return groups?.process === undefined ? {} : { process: groups.process.slice(0, 15), pid: Number(groups.pid) };
}
