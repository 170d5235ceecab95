import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';

/** IPv4 header and ICMP header. */
const HEADER_BYTES = 28;
/** What tunnels and providers usually leave of 1500. */
const USUAL = [9_000, 1_500, 1_492, 1_480, 1_450, 1_420, 1_400, 1_380, 1_280, 576];

const params = strictObject({
  host: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.:-]*$/, 'expected a host name or address')),
  /** What should pass in one piece; default 1500. */
  mtu: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(576), v.maxValue(9_216))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** The largest of the packets that were tried and came back; null: not even the smallest. */
  passed: v.nullable(v.number()),
  /** Somebody said that it was too large, as a router should; otherwise it vanished. */
  told: v.boolean(),
});
type Facts = Infer<typeof facts>;

export const mtuPath = defineCheck<Params, Facts>({
  id: 'mtu.path',
  phase: 'network',
  title: { en: 'Largest packet on the way', 'zh-CN': '路径 MTU' },
  params,
  facts,
  timeoutMs: 20_000,
  messages: {
    ok: { en: 'packets of {passed} bytes reach {host}', 'zh-CN': '{passed} 字节的数据包可到达 {host}' },
    smaller: {
      en: 'only packets up to {passed} bytes reach {host}, wanted {wanted}; senders are told',
      'zh-CN': '到 {host} 最大只能通过 {passed} 字节，应为 {wanted}；发送方会收到通知',
    },
    'black-hole': {
      en: 'packets above {passed} bytes to {host} vanish without a word: connections will hang (wanted {wanted})',
      'zh-CN': '到 {host} 超过 {passed} 字节的数据包被静默丢弃：连接会挂起（应为 {wanted}）',
    },
    silent: { en: '{host} does not answer ping at all', 'zh-CN': '{host} 不响应 ping' },
  },
  example: { host: 'api.bank.test', mtu: 1500 },
  probe,
  judge,
});

async function probe({ host: target, mtu }: Params, { host, signal }: ProbeContext): Promise<Facts> {
  const wanted = mtu ?? 1_500;
  let told = false;
  for (const size of [wanted, ...USUAL.filter((each) => each < wanted)]) {
    if (signal.aborted) throw new HostError('timed-out', 'no time left to try smaller packets', 'a longer timeout');
    const answer = await sendWhole(host, target, size);
    if (answer === 'passed') return { observedAt: host.now().wallMs, passed: size, told };
    told ||= answer === 'told';
  }
  return { observedAt: host.now().wallMs, passed: null, told };
}

async function sendWhole(host: Host, target: string, size: number): Promise<'passed' | 'told' | 'lost'> {
  const argv = ['ping', '-4', '-n', '-M', 'do', '-c', '2', '-i', '0.3', '-W', '1', '-s', String(size - HEADER_BYTES), target];
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 4_000 });
  if (exitCode === 0) return 'passed';
  const text = `${stdout}\n${stderr}`;
  if (/message too long|frag needed/i.test(text)) return 'told';
  if (/not permitted|permission denied/i.test(text))
    throw new HostError('no-permission', 'ping may not send', 'allow ping (setcap cap_net_raw+ep, or net.ipv4.ping_group_range)');
  if (exitCode === 2) throw new HostError('unreachable', `ping ${target}: ${stderr.trim().slice(0, 200)}`, 'check the name and the route');
  return 'lost';
}

function judge({ passed, told }: Facts, { host, mtu }: Params): Judgement {
  const wanted = mtu ?? 1_500;
  if (passed === null) return { status: 'unknown', code: 'silent', data: { host }, unlock: 'name a host on the way that answers ping' };
  const limit = { value: passed, unit: 'bytes', threshold: wanted, thresholdSource: mtu == null ? 'own' : 'playbook' };
  const data = { host, passed, wanted };
  if (passed >= wanted) return { status: 'ok', code: 'ok', data, ...limit };
  return { status: 'warn', code: told ? 'smaller' : 'black-hole', data, ...limit };
}
