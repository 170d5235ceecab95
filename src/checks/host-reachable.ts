import type { ReachOutcome } from '../ports.ts';
import { defineCheck, type Judgement } from './check.ts';
import { round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const OUTCOMES = [
  ...['reached', 'name-not-resolved', 'refused', 'timed-out', 'unreachable', 'no-handshake', 'host-key-unknown'],
  ...['host-key-changed', 'permission-denied', 'no-shell', 'lost', 'bad-configuration'],
] as ReachOutcome[];

const facts = v.object({
  observedAt: v.number(),
  host: v.string(),
  outcome: v.picklist(OUTCOMES),
  error: v.string(),
  unlock: v.string(),
  durationMs: v.number(),
});
type Facts = Infer<typeof facts>;

export const hostReachable = defineCheck({
  id: 'host.reachable',
  phase: 'network',
  title: { en: 'Way to the host', 'zh-CN': '主机可达性' },
  needsNoHost: true,
  params: strictObject({}),
  facts,
  messages: {
    reached: { en: '{host} answers, {ms} ms', 'zh-CN': '{host} 有应答，{ms} ms' },
    'name-not-resolved': { en: 'the name of {host} does not resolve: {error}', 'zh-CN': '{host} 的名称无法解析：{error}' },
    refused: { en: '{host} refuses the connection: {error}', 'zh-CN': '{host} 拒绝连接：{error}' },
    'timed-out': { en: '{host} does not answer: {error}', 'zh-CN': '{host} 无应答：{error}' },
    unreachable: { en: 'there is no way to {host}: {error}', 'zh-CN': '没有到 {host} 的路由：{error}' },
    'no-handshake': {
      en: '{host} accepts the connection and completes no handshake: {error}',
      'zh-CN': '{host} 接受连接但握手未完成：{error}',
    },
    'host-key-changed': { en: 'the host key of {host} is another one: {error}', 'zh-CN': '{host} 的主机密钥已改变：{error}' },
    'host-key-unknown': { en: '{host} answers; its host key is not known here', 'zh-CN': '{host} 有应答，但本机未登记其主机密钥' },
    'permission-denied': { en: '{host} answers and does not let us in: {error}', 'zh-CN': '{host} 有应答但拒绝登录：{error}' },
    'no-shell': { en: '{host} lets us in and gives no shell: {error}', 'zh-CN': '{host} 允许登录但没有可用的 shell：{error}' },
    lost: { en: '{host} stopped answering: {error}', 'zh-CN': '{host} 已停止应答：{error}' },
    'bad-configuration': {
      en: 'ssh to {host} is not usable as configured here: {error}',
      'zh-CN': '本机到 {host} 的 ssh 配置不可用：{error}',
    },
  },
  timeoutMs: 15_000,
  example: {},
  async probe(_params, { host }) {
    const { outcome, error = '', unlock = '', durationMs } = await host.reach();
    return { observedAt: host.now().wallMs, host: host.name, outcome, error, unlock, durationMs };
  },
  judge: judgeReach,
});

function judgeReach({ host, outcome, error, unlock, durationMs }: Facts): Judgement {
  return {
    status: statusOf(outcome),
    code: outcome,
    data: { host, error, ms: round(durationMs) },
    value: outcome,
    threshold: 'reached',
    thresholdSource: 'own',
    ...(unlock !== '' && { unlock }),
  };
}

function statusOf(outcome: ReachOutcome): Judgement['status'] {
  if (outcome === 'reached') return 'ok';
  if (outcome === 'permission-denied' || outcome === 'host-key-unknown') return 'warn';
  return outcome === 'bad-configuration' ? 'unknown' : 'fail';
}
