import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { askChrony } from './chrony.ts';
import { requireLinux, tryRead } from './linux.ts';
import { readProcesses } from './processes.ts';
import { type Infer, strictObject, v } from './schema.ts';

/** A time service needs this long after boot (Netdata timex.conf). */
const SETTLING_SECONDS = 17 * 60;
/** include/uapi/linux/timex.h: the clock is not synchronised. */
const STA_UNSYNC = 0x40;

const params = strictObject({});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  source: v.picklist(['chrony', 'timedatectl', 'adjtimex']),
  /** False: the time service is installed and does not run. */
  daemon: v.boolean(),
  synchronised: v.boolean(),
  reference: v.string(),
  stratum: v.nullable(v.number()),
  uptimeSeconds: v.number(),
});
type Facts = Infer<typeof facts>;
type SyncState = Omit<Facts, 'observedAt' | 'uptimeSeconds'>;

export const timeSync = defineCheck<Params, Facts>({
  id: 'time.sync',
  phase: 'network',
  title: { en: 'Clock synchronisation', 'zh-CN': '时钟同步' },
  params,
  facts,
  messages: {
    synchronised: { en: 'the clock is synchronised ({source} {reference})', 'zh-CN': '时钟已同步（{source} {reference}）' },
    unsynchronised: { en: 'the clock is not synchronised ({source})', 'zh-CN': '时钟未同步（{source}）' },
    'daemon-down': {
      en: '{source} is installed but its daemon does not answer: nothing keeps the clock',
      'zh-CN': '已安装 {source}，但其守护进程无应答：时钟无人校准',
    },
    settling: {
      en: 'the clock is not synchronised yet, the host started only {minutes} min ago',
      'zh-CN': '时钟尚未同步，主机 {minutes} 分钟前刚启动',
    },
  },
  timeoutMs: 10_000,
  example: {},
  probe,
  judge,
});

async function probe(_params: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const state = (await readChrony(host)) ?? (await askTimedatectl(host)) ?? (await askAdjtimex(host));
  if (!state)
    throw new HostError(
      'missing-tool',
      'nothing here can tell whether the clock is synchronised',
      'install chrony, or run it where systemd-timedated does',
    );
  const uptimeSeconds = Number(((await tryRead(host, '/proc/uptime')) ?? '0').split(' ')[0]) || 0;
  return { observedAt: host.now().wallMs, ...state, uptimeSeconds };
}

async function readChrony(host: Host): Promise<SyncState | null> {
  const tracking = await askChrony(host);
  // Without a right to its socket, and with its port closed, chronyc cannot tell a daemon that runs from one that does not.
  if (tracking?.daemon === false && (await readProcesses(host)).some(({ name }) => name === 'chronyd'))
    throw new HostError('no-permission', 'chronyd runs and does not answer chronyc', 'run as root, or as a member of the group of chronyd');
  return (
    tracking && {
      source: 'chrony',
      daemon: tracking.daemon,
      synchronised: tracking.synchronised,
      reference: tracking.reference,
      stratum: tracking.stratum,
    }
  );
}

async function askTimedatectl(host: Host): Promise<SyncState | null> {
  const output = await tryRun(host, ['timedatectl', 'show', '-p', 'NTPSynchronized', '-p', 'NTP']);
  const synchronised = /^NTPSynchronized=(yes|no)$/m.exec(output)?.[1];
  if (synchronised === undefined) return null;
  return {
    source: 'timedatectl',
    daemon: !/^NTP=no$/m.test(output) || synchronised === 'yes',
    synchronised: synchronised === 'yes',
    reference: '',
    stratum: null,
  };
}

async function askAdjtimex(host: Host): Promise<SyncState | null> {
  const status = /^\s*status: (\d+)/m.exec(await tryRun(host, ['adjtimex', '--print']))?.[1];
  return status === undefined
    ? null
    : { source: 'adjtimex', daemon: true, synchronised: (Number(status) & STA_UNSYNC) === 0, reference: '', stratum: null };
}

/** '' when the tool is missing or fails. */
async function tryRun(host: Host, argv: readonly string[]): Promise<string> {
  try {
    const { exitCode, stdout } = await host.run(argv, { timeoutMs: 3_000 });
    return exitCode === 0 ? stdout : '';
  } catch (error) {
    if (error instanceof HostError) return '';
    throw error;
  }
}

function judge({ source, daemon, synchronised, reference, uptimeSeconds }: Facts, _params: Params): Judgement {
  if (synchronised) return { status: 'ok', code: 'synchronised', data: { source, reference } };
  if (!daemon) return { status: 'warn', code: 'daemon-down', data: { source } };
  if (uptimeSeconds < SETTLING_SECONDS) return { status: 'ok', code: 'settling', data: { minutes: Math.floor(uptimeSeconds / 60) } };
  return { status: 'warn', code: 'unsynchronised', data: { source } };
}
