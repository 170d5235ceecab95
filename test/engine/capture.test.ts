import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Capture, createCapture } from '../../src/engine/capture.ts';
import type { Redact } from '../../src/engine/probe.ts';
import { HostError } from '../../src/errors.ts';
import type { Host } from '../../src/ports.ts';
import { createRedactor } from '../../src/redact/index.ts';

const PAN = '4111111111111111';
let issuers: Record<string, number> = {};
const onIssuer = (issuer: string): void => {
  issuers[issuer] = (issuers[issuer] ?? 0) + 1;
};
const redactor = createRedactor({ onIssuer });
const redact: Redact = (value) => {
  issuers = {};
  const { value: clean, counts } = redactor.json(value);
  return { value: clean, count: Object.keys(counts).length, counts, issuers };
};

type Look = (text: string) => { readonly text: string; readonly withheld: number } | undefined;
const NOTHING: Look = (text) => ({ text, withheld: 0 });

function setUp(
  keep?: (text: string) => Promise<string>,
  look = NOTHING,
): { readonly capture: Capture; readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const evidence = {
    keep: async (text: string): Promise<string> => {
      const digest = createHash('sha256').update(text).digest('base64url');
      kept.set(digest, text);
      return digest;
    },
  };
  let looks = 0;
  const now = () => {
    looks += 1;
    return { wallMs: 1_000, monoMs: looks * 5 };
  };
  const clock = { now, sleep: async () => undefined, turn: async () => undefined };
  const secondLook = async (text: string) => look(text);
  return { kept, capture: createCapture({ clock, redact, secondLook, evidence: keep ? { keep } : evidence }) };
}

const fakeHost = (answers: Partial<Host>): Host => ({ name: 'gw', ...answers }) as Host;
const printed = (stdout: string, more = {}) => ({ argv: [], exitCode: 0, stdout, stderr: '', truncated: false, durationMs: 1, ...more });

describe('what a probe reads of a host', () => {
  it('is kept up to a number of items, and how many more there were is told', async () => {
    const { capture, kept } = setUp();
    const { host, artifacts } = capture.watch(fakeHost({ run: async (argv) => printed(`${argv[1]}\n`) }));
    for (let index = 0; index < 30; index++) await host.run(['show', String(index)]);
    const all = await artifacts();
    expect(all.slice(0, 24).map(({ collected }) => collected)).toEqual(new Array(24).fill('ok'));
    expect(all.slice(24)).toMatchObject([
      { source: { argv: ['show', '24'] }, collected: 'over-cap', why: expect.stringContaining('and 5 more') },
    ]);
    expect(kept.size).toBe(24);
  });

  it('is kept with where it came from, redacted before it is kept', async () => {
    const { capture, kept } = setUp();
    const { host, artifacts } = capture.watch(fakeHost({ run: async () => printed(`pan=${PAN}\n`, { exitCode: 3, stderr: 'oops\n' }) }));
    await host.run(['show', 'it']);
    const [artifact] = await artifacts();
    expect(artifact).toMatchObject({
      source: { argv: ['show', 'it'] },
      host: 'gw',
      collected: 'ok',
      exit_code: 3,
      at: 1_000,
      duration_ms: 5,
      redactions: [{ rule: 'pan', count: 1 }],
      issuers: { 411111: 1 },
    });
    expect(kept.get(artifact?.digest ?? '')).toBe('pan=411111******1111\n--- stderr\noops\n');
  });

  it('is looked at a second time: what is left in doubt is left out, counted, and never kept', async () => {
    const doubtful = 'q2w3\n';
    const look: Look = (text) =>
      text.includes(doubtful) ? { text: text.replace(doubtful, '[left out]\n'), withheld: 1 } : { text, withheld: 0 };
    const { capture, kept } = setUp(undefined, look);
    const { host, artifacts } = capture.watch(fakeHost({ run: async () => printed(`a\n${doubtful}b\n`) }));
    await host.run(['x']);
    const [artifact] = await artifacts();
    expect(artifact).toMatchObject({ collected: 'ok', withheld_lines: 1 });
    expect([...kept.values()]).toEqual(['a\n[left out]\nb\n']);
  });

  it('is withheld, and said to be, where it cannot be vouched for in parts', async () => {
    const { capture, kept } = setUp(undefined, () => undefined);
    const { host, artifacts } = capture.watch(fakeHost({ run: async () => printed('a\n') }));
    await host.run(['x']);
    expect(await artifacts()).toMatchObject([{ collected: 'withheld', why: expect.stringContaining('withheld') }]);
    expect(kept.size).toBe(0);
  });

  it('is given to the check as it was', async () => {
    const { capture } = setUp();
    const { host } = capture.watch(fakeHost({ run: async () => printed(`pan=${PAN}\n`) }));
    expect((await host.run(['x'])).stdout).toContain(PAN);
  });

  it.each([
    ['missing-tool', 'not-installed'],
    ['not-found', 'not-found'],
    ['no-permission', 'no-permission'],
    ['timed-out', 'timed-out'],
    ['io', 'failed'],
  ] as const)('is told to be missing: %s is %s', async (reason, collected) => {
    const { capture } = setUp();
    const failing = async (): Promise<never> => {
      throw new HostError(reason, 'no', 'do this');
    };
    const { host, artifacts } = capture.watch(fakeHost({ readFile: failing }));
    await expect(host.readFile('/var/log/app.log')).rejects.toThrow('no');
    expect(await artifacts()).toMatchObject([{ source: { file: '/var/log/app.log' }, collected, why: 'no', unlock: 'do this' }]);
  });

  it('of a command whose time was over: what it had printed is kept, redacted, beside that it did not end', async () => {
    const { capture, kept } = setUp();
    const endless = async (): Promise<never> => {
      throw new HostError('timed-out', 'no end', 'a longer timeout', `pan=${PAN}\n`);
    };
    const { host, artifacts } = capture.watch(fakeHost({ run: endless }));
    await expect(host.run(['show', 'it'])).rejects.toThrow('no end');
    const told = await artifacts();
    expect(told).toMatchObject([
      { source: { argv: ['show', 'it'] }, collected: 'ok', exit_code: null, truncated: true, redactions: [{ rule: 'pan', count: 1 }] },
      { source: { argv: ['show', 'it'] }, collected: 'timed-out', why: 'no end', unlock: 'a longer timeout' },
    ]);
    expect(kept.get(told[0]?.digest ?? '')).toBe('pan=411111******1111\n');
  });

  it('is never kept of files that hold secrets, and that is told', async () => {
    const { capture, kept } = setUp();
    const read = async () => ({ text: 'API_KEY=hunter2\n', offset: 0, bytesRead: 16, size: 16 });
    const { host, artifacts } = capture.watch(fakeHost({ readFile: read }));
    for (const path of ['/etc/paygw/paygw.env', '/etc/shadow', '/srv/tls/entry.key', '/root/.ssh/id_ed25519', '/root/.pgpass'])
      await host.readFile(path);
    expect((await artifacts()).map(({ collected }) => collected)).toEqual(Array(5).fill('withheld'));
    expect(kept.size).toBe(0);
  });

  it('is cut where the check cut it, and says so', async () => {
    const { capture } = setUp();
    const read = async () => ({ text: 'abc', offset: 0, bytesRead: 3, size: 10 });
    const { host, artifacts } = capture.watch(fakeHost({ readFile: read }));
    await host.readFile('/var/log/app.log', { maxBytes: 3 });
    await host.readFile('/var/log/short');
    expect((await artifacts()).map(({ truncated }) => truncated)).toEqual([true, false]);
  });
});

describe('the bounds', () => {
  const line = (index: number): string => `${String(index).padStart(6, '0')} ${'x'.repeat(60)}\n`;
  const keep = async (capture: Capture, text: string) =>
    await capture.keep({ source: { file: '/x' }, host: 'gw', collected: 'ok', at: 0, duration_ms: 0, text, truncated: false });

  it('keep head and tail of what is long, whole lines of both', async () => {
    const { capture, kept } = setUp();
    const text = Array.from({ length: 20_000 }, (_, index) => line(index)).join('');
    const artifact = await keep(capture, text);
    const stored = kept.get(artifact.digest ?? '') ?? '';
    expect(artifact).toMatchObject({ truncated: true, bytes: text.length });
    expect(stored.length).toBeLessThanOrEqual(64 * 1024 + 40);
    expect(stored.startsWith(line(0))).toBe(true);
    expect(stored.endsWith(line(19_999))).toBe(true);
    expect(stored.split('\n').every((each) => each === '' || each.length === 67 || each.startsWith('[...'))).toBe(true);
  });

  it('no cut goes through what had to be removed, wherever it lies', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}\n`.concat(
      `${'QWxhZGRpbjpvcGVuIHNlc2FtZQAASCBK'.repeat(2)}\n`.repeat(24),
      '-----END PRIVATE KEY-----\n',
    );
    for (let lines = 440; lines < 520; lines += 3) {
      const { capture, kept } = setUp();
      const filler = Array.from({ length: lines }, (_, index) => line(index)).join('');
      const artifact = await keep(capture, `${filler}${key}pan=${PAN}\n${filler}${key}${filler}`);
      const stored = kept.get(artifact.digest ?? '') ?? '';
      expect(stored).not.toContain('QWxhZGRp');
      expect(stored).not.toContain(PAN);
    }
  });

  it('a line without an end is not kept in part', async () => {
    const { capture, kept } = setUp();
    const artifact = await keep(capture, `${'y'.repeat(200_000)}${PAN}`);
    expect(kept.get(artifact.digest ?? '')).toBe('[... left out here ...]\n');
  });

  it('a session keeps so much and no more, and tells what it left out', async () => {
    const { capture } = setUp();
    const text = `${'z'.repeat(60_000)}\n`;
    const outcomes = new Map<string, number>();
    for (let count = 0; count < 200; count++) {
      const { collected } = await keep(capture, `${count}${text}`);
      outcomes.set(collected, (outcomes.get(collected) ?? 0) + 1);
    }
    expect(outcomes.get('ok')).toBe(139);
    expect(outcomes.get('over-cap')).toBe(61);
  });

  it('a disk that takes nothing more costs the evidence and not the run', async () => {
    const { capture } = setUp(async () => {
      throw new Error('ENOSPC');
    });
    expect(await keep(capture, 'x')).toMatchObject({ collected: 'failed', why: expect.stringContaining('ENOSPC') });
  });
});
