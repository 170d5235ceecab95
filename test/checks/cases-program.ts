/** Runs checks on this machine as the engine does, deadline included; prints what each said, and must then be able to end. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createClock } from '../../src/adapters/clock.ts';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { createProtocols } from '../../src/adapters/protocols/index.ts';
import { createSecrets } from '../../src/adapters/secrets.ts';
import { loadChecks } from '../../src/checks/index.ts';
import { createProber, judgeFacts, lookupCheck } from '../../src/engine/probe.ts';
import type { JsonObject } from '../../src/ports.ts';
import type { Case, Said } from './cases.ts';

const { cases, atOnce } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as { cases: Case[]; atOnce: number };
const host = createLocalHost();
const clock = createClock();
const pacer = { take: async () => ({ taken: true, lastAt: null }) };
const access = { host, net: createProtocols(host), secrets: createSecrets({ env: {}, readFile: host.readFile }), pacer };
const checks = await loadChecks(cases.map(({ check }) => check));
const prober = createProber({ hosts: () => access, clock, redact: (value) => ({ value, count: 0 }) });

async function run({ check: id, params, timeoutMs }: Case): Promise<Said> {
  const check = lookupCheck(checks, id);
  const begun = performance.now();
  const { facts, failure } = await prober({
    key: id,
    check,
    params: params as JsonObject,
    host: host.name,
    ...(timeoutMs !== undefined && { timeoutMs }),
    since: clock.now().wallMs - 1_800_000,
    signal: new AbortController().signal,
  });
  const judgement = failure ?? judgeFacts({ check, params: params as JsonObject, facts, profile: {}, inputs: {} });
  const { status, code, unlock = '' } = judgement;
  const deadlineMs = timeoutMs ?? check.timeoutMs ?? 10_000;
  return {
    check: id,
    status,
    code,
    unlock,
    message: String(judgement.data?.message ?? ''),
    wallMs: Math.round(performance.now() - begun),
    deadlineMs,
  };
}

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const said: Said[] = [];
let next = 0;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let index = next++; index < cases.length; index = next++) said[index] = await run(cases[index] as Case);
  }),
);
process.stdout.write(JSON.stringify({ said, lateMs: delay.max / 1e6, peakBytes: process.resourceUsage().maxRSS * 1_024 }));
