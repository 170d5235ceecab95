/** From "not seen" to the package, group, capability, sudoers line or profile key to ask for. Pure. */
import type { Judgement } from '../checks/check.ts';
import { absenceOf } from './doctor-absent.ts';
import { packageOf } from './doctor-package.ts';

export interface Caller {
  /** Who runs oor. */
  readonly user: string;
  readonly isRoot: boolean;
  /** How oor is started, for sudoers. */
  readonly command: readonly string[];
}

export interface UnlockInput extends Caller {
  readonly judgement: Judgement;
  readonly check: string;
}

export function describeUnlock(input: UnlockInput): string {
  const { judgement, check } = input;
  const { status, code, data, unlock = '' } = judgement;
  const message = String(data?.['message'] ?? '');
  if (code === 'missing-tool') return packageOf(`${message} ${unlock}`) ?? nameTool(message, sharpen(check, unlock));
  if (code === 'no-permission' || /\b(as root|journal|permission|group of)\b/.test(unlock)) return permissionFor(input);
  if (/^a longer timeout\b/.test(unlock)) return byReason('timed-out', message, check);
  if (unlock !== '') return packageOf(unlock) ?? sharpen(check, unlock);
  if (status === 'not-applicable') return absenceOf(check, code, message);
  return byReason(code, message, check);
}

/** What a check says beside its result is enough there; here the place to write it belongs to it. */
const PLACES: readonly (readonly [said: RegExp, place: string])[] = [
  [
    /^install the command of the engine/,
    'apt-get install docker.io (or podman), dnf install podman; or a step with uses: proc.match for its process',
  ],
  [/^start the docker service/, 'start it: systemctl start docker'],
  [/^start the podman service/, 'start it: systemctl start podman.socket'],
  [/^lsblk lists the disks/, 'correct disks: in oor.yaml; lsblk lists what is there'],
  [/capacity_mbps/, 'a step with: {capacity_mbps: 1000} says what the line carries'],
  [/file\.value/, 'a step with uses: file.value on a file that holds the version'],
  [/^proc\.match looks at the process/, 'add process: to the entry under services in oor.yaml; its process is then looked at'],
  [/^name the log/, 'correct access_log: or log: under services in oor.yaml, or the file of the step'],
  [/where \/proc is mounted/, 'mount it: mount -t proc proc /proc'],
];

function sharpen(check: string, unlock: string): string {
  const place = PLACES.find(([said]) => said.test(unlock))?.[1];
  if (place !== undefined) return place;
  return /^run (?:it again|on the host itself)/.test(unlock) ? `${unlock}: oor check ${check}` : unlock;
}

/** A tool that no distribution packages under a name known here. */
function nameTool(message: string, unlock: string): string {
  const tool = /^([\w./-]+): not found/.exec(message)?.[1];
  return tool === undefined ? unlock || `install what the reason names: ${message}` : `install ${tool}, or put it in the PATH of oor`;
}

function byReason(code: string, message: string, check: string): string {
  switch (code) {
    case 'timed-out':
      return `a longer timeout for the step (timeout: 60s), or ask it by itself: oor check ${check} --deadline 2m`;
    case 'not-found':
      return `correct the path or name in oor.yaml or in the step, or make it exist: ${message}`;
    case 'unreachable':
      return `start what should answer there, or correct its address in oor.yaml: ${message}`;
    case 'bad-params':
    case 'not-evaluated':
      return `correct the parameter in oor.yaml or in the step: ${message}`;
    case 'check-crashed':
      return `a defect of oor: report it with the output of: oor check ${check} --json --debug`;
    case 'io':
      return `run it again: oor check ${check}; if it stays, the kernel or the tool gives what cannot be read: ${message}`;
    default:
      return `run it again and read its reason: oor check ${check} --json`;
  }
}

/** Enough to look, less than root (capabilities(7)). */
const CAPABILITIES: Readonly<Record<string, string>> = {
  'change.config': 'CAP_DAC_READ_SEARCH',
  'config.keys': 'CAP_DAC_READ_SEARCH',
  'core.dumps': 'CAP_DAC_READ_SEARCH',
  'disk.nvme': 'CAP_SYS_ADMIN',
  'disk.smart': 'CAP_SYS_RAWIO',
  'fd.process': 'CAP_SYS_PTRACE',
  'file.access': 'CAP_DAC_READ_SEARCH',
  'file.checksum': 'CAP_DAC_READ_SEARCH',
  'file.value': 'CAP_DAC_READ_SEARCH',
  'kernel.events': 'CAP_SYSLOG',
  'log.freshness': 'CAP_DAC_READ_SEARCH',
  'log.pattern': 'CAP_DAC_READ_SEARCH',
  'log.status': 'CAP_DAC_READ_SEARCH',
  'log.volume': 'CAP_DAC_READ_SEARCH',
  'net.arp_dup': 'CAP_NET_RAW',
  'net.firewall': 'CAP_NET_ADMIN',
  'net.ping': 'CAP_NET_RAW',
  'port.listen': 'CAP_SYS_PTRACE',
  'proc.dstate': 'CAP_SYS_PTRACE',
  'proc.match': 'CAP_SYS_PTRACE',
  'proc.zombies': 'CAP_SYS_PTRACE',
  'tls.file': 'CAP_DAC_READ_SEARCH',
  'tls.keypair': 'CAP_DAC_READ_SEARCH',
};

function permissionFor({ check, user, isRoot, command, judgement: { unlock } }: UnlockInput): string {
  // Root may all that a machine permits: what it may not is kept from the whole container, or is not there.
  if (isRoot) {
    const other = (unlock ?? '').match(/(?:, or |; )((?!as a member|as the)[^;]+)$/)?.[1];
    return `oor runs as root already: ${other ?? `ask outside this container, on the host itself: ${[...command, 'check', check].join(' ')}`}`;
  }
  const group = /systemd-journal|journal/.test(unlock ?? '')
    ? [`group: usermod -aG systemd-journal ${user}`]
    : /group of chronyd/.test(unlock ?? '')
      ? [`group: usermod -aG _chrony ${user} (Debian, Ubuntu), usermod -aG chrony ${user} (RHEL, Rocky)`]
      : /docker/.test(unlock ?? '')
        ? [`group: usermod -aG docker ${user}`]
        : [];
  const capability = CAPABILITIES[check];
  return [
    ...(unlock === undefined ? [] : [unlock]),
    ...group,
    ...(capability === undefined ? [] : [`capability: AmbientCapabilities=${capability} in the unit that starts oor`]),
    `sudoers: ${user} ALL=(root) NOPASSWD: ${[...command, 'check', check].map(sudoersWord).join(' ')}`,
  ].join('; ');
}

/** sudoers(5): these characters need a backslash in a command. */
function sudoersWord(word: string): string {
  return word.replace(/[\\,:= ]/g, '\\$&');
}
