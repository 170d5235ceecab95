/** Whatever keeps a check from seeing, doctor names an exact way out: no check of the registry may leave a person with "see the reason". */
import { describe, expect, it } from 'vitest';
import type { Check, Judgement } from '../../src/checks/check.ts';
import { describeUnlock } from '../../src/cli/doctor-unlock.ts';
import { createProber, judgeFacts } from '../../src/engine/probe.ts';
import { HostError, type HostErrorReason } from '../../src/errors.ts';
import type { Host, Json, Protocols } from '../../src/ports.ts';
import { checks } from '../checks/registry.ts';

const EXACT =
  /apt-get install|dnf install|install (?:Broadcom|Dell|IBM)|in the PATH of oor|usermod -aG|AmbientCapabilities=|sudoers: |oor\.yaml|timeout: |this machine has none|a step |oor runs as root already|GRANT |ACL SETUSER|modprobe|umount -l|timedatectl|run it again: oor check|report it with|correct [a-z]+: |correct the |mount -t|outside of the container: oor check|with: \{/;
const VAGUE = /see the reason|nothing, if|the tool that the reason|undefined|\[object/;

const REASONS: readonly HostErrorReason[] = ['missing-tool', 'no-permission', 'not-found', 'timed-out', 'unsupported', 'unreachable', 'io'];

/** As the adapters word it, for the tool or path that was asked for. */
function refusal(reason: HostErrorReason, what: string): HostError {
  if (reason === 'missing-tool') return new HostError(reason, `${what}: not found`, `install ${what}, or put it in the PATH of oor`);
  if (reason === 'no-permission') return new HostError(reason, `${what}: not allowed to read it`, 'run as root');
  if (reason === 'timed-out') return new HostError(reason, `${what}: no answer within 100 ms`, 'a longer timeout');
  return new HostError(reason, `${what}: ${reason}`);
}

/** A machine on which nothing can be asked. `readable`: its files can, only its tools are not there. */
function refusingHost(reason: HostErrorReason, readable: boolean): Host {
  const refuse = async (what: unknown): Promise<never> => {
    throw refusal(reason, Array.isArray(what) ? String(what[0]) : typeof what === 'string' ? what : 'the inventory');
  };
  const known: Readonly<Record<string, unknown>> = {
    name: 'fake',
    platform: 'linux',
    now: () => ({ wallMs: Date.UTC(2026, 0, 15), monoMs: 1_000 }),
    streamText: (source: unknown) => ({ [Symbol.asyncIterator]: () => ({ next: () => refuse(JSON.stringify(source)) }) }),
    ...(readable && {
      readFile: async () => ({ text: '', offset: 0, bytesRead: 0, size: 0 }),
      list: async () => ['1'],
      stat: async () => ({ kind: 'file', size: 1, mode: 0o644, uid: 0, gid: 0, modifiedAt: 0 }),
    }),
  };
  return new Proxy({} as Host, { get: (_, name) => known[String(name)] ?? refuse });
}

function refusingProtocols(reason: HostErrorReason): Protocols {
  return new Proxy({} as Protocols, { get: (_, name) => async () => Promise.reject(refusal(reason, String(name))) });
}

async function judgeOn(check: Check, reason: HostErrorReason, readable: boolean): Promise<Judgement> {
  const access = {
    host: refusingHost(reason, readable),
    net: refusingProtocols(reason),
    secrets: { reveal: async () => Promise.reject(refusal(reason, 'secret')) },
    pacer: { take: async () => Promise.reject(refusal(reason, 'pacer')) },
  };
  let now = 1_000;
  const clock = {
    now: () => ({ wallMs: now, monoMs: now++ }),
    // Pauses take no time; the budget never runs out.
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      if (ms >= 3_000)
        return await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
      now += ms;
    },
  };
  const prober = createProber({ hosts: () => access, clock, redact: (value: Json) => ({ value, count: 0 }) } as never);
  const params = check.example as Json;
  const request = { key: check.id, check, params, host: 'fake', since: 0, signal: new AbortController().signal, timeoutMs: 5_000 };
  const { facts, failure } = await prober(request);
  return failure ?? judgeFacts({ check, params, facts, profile: {}, inputs: {} });
}

describe.each(REASONS)('when every answer is %s', (reason) => {
  const cases = Object.values(checks).flatMap((check) => [true, false].map((readable) => [check.id, readable] as const));
  it.each(cases)('%s, files readable: %s', async (id, readable) => {
    const check = checks[id] as Check;
    const judgement = await judgeOn(check, reason, readable);
    if (judgement.status !== 'unknown' && judgement.status !== 'not-applicable') return;
    expect(judgement.code, JSON.stringify(judgement)).not.toBe('check-crashed');
    for (const isRoot of [true, false]) {
      const text = describeUnlock({ judgement, check: id, user: 'ops', isRoot, command: ['/usr/bin/oor'] });
      expect(text).not.toMatch(VAGUE);
      expect(text).toMatch(EXACT);
      if (isRoot) expect(text).not.toMatch(/sudoers|run as root/);
    }
  });
});
