import { createHash, randomBytes, randomInt, X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWire } from '../../src/payments/iso8583/wire.ts';
import { parseProfile } from '../../src/playbook/profile.ts';
import { classOf } from '../../src/playbook/vocabulary.ts';
import { breakages } from '../../src/sandbox/breakage.ts';
import { controlSandbox } from '../../src/sandbox/control.ts';
import { faults } from '../../src/sandbox/fault-list.ts';
import { listFaults } from '../../src/sandbox/faults.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { get, knock, type Seen, until } from './clients.ts';

const random = { hex: (bytes: number) => randomBytes(bytes).toString('hex'), integer: (below: number) => randomInt(below) };
/** Deep enough that the control socket does not fit into a socket path. */
const root = mkdtempSync(join(tmpdir(), 'oor-sandbox-'));
const dir = join(root, 'a folder with a long name'.repeat(4));
let sandbox: RunningSandbox;
let switchedOn: string | undefined;

const at = (...path: string[]) => join(dir, ...path);
const read = (...path: string[]) => readFileSync(at(...path), 'utf8');
const entry = (): Promise<Seen> => get(`https://${sandbox.places.entryName}:${sandbox.places.web}/health`, { caFile: at('tls/ca.pem') });
const app = (timeoutMs = 60_000): Promise<Seen> => get(`http://127.0.0.1:${sandbox.places.app}/health`, { timeoutMs });
const provider = (name: 'bank' | 'backup', headers = {}, timeoutMs = 60_000): Promise<Seen> => {
  const { host, port } = sandbox.places[name];
  return get(`https://${host}:${port}/health`, { caFile: at('tls/provider-ca.pem'), headers, timeoutMs });
};
const resolve = async (name: string): Promise<string> => {
  const resolver = new Resolver({ timeout: 5_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${sandbox.places.dns}`]);
  return resolver.resolve4(name).then(String, (error: NodeJS.ErrnoException) => error.code ?? 'error');
};
/** Alone: on a crowded machine another part may be late for a moment. */
const fails = async (part: string): Promise<void> => {
  const failing = async (): Promise<string[]> => JSON.parse((await app()).body).failing;
  expect(await until(failing, (parts) => String(parts) === part)).toEqual([part]);
};
const complains = async (part: string, of: RegExp): Promise<void> => {
  const complaint = async (): Promise<string> => JSON.parse((await app()).body).checks[part].error ?? '';
  expect(await until(complaint, (error) => of.test(error))).toMatch(of);
};

beforeAll(async () => {
  const cardWire = createWire({ dialect: 'iso87-ascii', framing: 'len2-binary' });
  sandbox = await startSandbox({ dir, random, controlArgv: ['/opt/tool', 'order'], cardWire });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('the healthy stack', () => {
  test('serves customers by every address of its name', async () => {
    expect(await entry()).toMatchObject({ result: 200 });
    for (const address of sandbox.places.entryAddresses) expect(await knock(sandbox.places.web, address)).toBe('open');
    expect(sandbox.payments()).toMatchObject({ failed: 0 });
    expect(sandbox.payments().approved).toBeGreaterThan(1);
    expect(read('log/app.log')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {2}payment \S+ approved /m);
    expect(read('log/access.log')).toMatch(/^127\.0\.0\.1 - - \[.+\] "POST \/pay HTTP\/1\.1" 200 \d\d+ "-" "\S+" rt=\d+\.\d{3} us=200$/m);
    expect(read('log/error.log')).not.toContain('[error]');
  });

  test('its profile is valid and its manifest true', () => {
    const parsed = parseProfile({ file: 'oor.yaml', text: read('oor.yaml'), registry: {} });
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    for (const line of read('paygw/MANIFEST.sha256').trim().split('\n')) {
      const [digest, name] = line.split('  ') as [string, string];
      expect(createHash('sha256').update(read('paygw', name)).digest('hex'), name).toBe(digest);
    }
  });

  test('nothing in what an operator reads says what it is, but for the commands', () => {
    const told = ['oor.yaml', 'log/app.log', 'log/error.log', 'log/store.log', 'etc/web.conf', 'etc/paygw.env']
      .map((file) => read(file))
      .join('');
    expect(told.replaceAll(root, '')).not.toMatch(/sandbox|fault|inject|simulat/i);
  });

  test('three time servers agree with this machine', async () => {
    for (const port of sandbox.places.time) expect(Math.abs(await timeOffset(port))).toBeLessThan(1000);
  });

  test('the bank knows its customers by their key', async () => {
    expect(await provider('bank')).toMatchObject({ result: 200 });
    expect(await provider('bank', { 'x-api-key': 'sk_live_wrong' })).toMatchObject({ result: 401 });
    expect(await resolve('api.nobody.test')).toBe('ENOTFOUND');
  });
});

interface Expectation {
  readonly entry: number | string;
  /** What is really different, as seen from outside. */
  readonly truth: () => Promise<void>;
  /** What the logs tell of it. */
  readonly trace?: readonly [file: string, text: RegExp];
}

const refusesToConnect = async (port: number) => expect(await knock(port)).toBe('ECONNREFUSED');
/** Only the log of the switch tells. */
const noTruth = async () => {};
const providerUnwell = (error: RegExp) => async () => {
  await fails('provider');
  await complains('provider', error);
};

const expectations: Readonly<Record<string, Expectation>> = {
  'tls-expired': {
    entry: 'CERT_HAS_EXPIRED',
    truth: async () => expect(Date.parse(new X509Certificate(read('tls/entry.pem')).validTo)).toBeLessThan(Date.now()),
    trace: ['error.log', /\[info\] .*(closed connection|SSL_do_handshake)/],
  },
  'tls-wrong-host': {
    entry: 'ERR_TLS_CERT_ALTNAME_INVALID',
    truth: async () => expect(new X509Certificate(read('tls/entry.pem')).checkHost('localhost')).toBeUndefined(),
  },
  'tls-untrusted': {
    entry: 'SELF_SIGNED_CERT_IN_CHAIN',
    truth: async () => expect(new X509Certificate(read('tls/entry.pem')).issuer).toContain('Default Company'),
  },
  'tls-incomplete-chain': {
    entry: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    truth: async () => expect(read('tls/entry.pem').match(/BEGIN/g)).toHaveLength(1),
  },
  'tls-not-reloaded': {
    entry: 'CERT_HAS_EXPIRED',
    truth: async () => expect(Date.parse(new X509Certificate(read('tls/entry.pem')).validTo)).toBeGreaterThan(Date.now()),
  },
  'web-down': { entry: 'ECONNREFUSED', truth: () => refusesToConnect(sandbox.places.web), trace: ['error.log', /\[notice\] .*exiting/] },
  'web-bad-config': {
    entry: 'ECONNREFUSED',
    truth: async () =>
      expect(await order('config-test', 'web')).toMatchObject({
        ok: false,
        output: expect.stringMatching(/unknown directive .* in .*web\.conf:\d+\n.* test failed/),
      }),
    trace: ['error.log', /\[emerg\] .*unknown directive "proxy_buffring"/],
  },
  'web-wrong-upstream': {
    entry: 502,
    truth: async () => {
      expect(await app()).toMatchObject({ result: 200 });
      expect(await order('config-test', 'web')).toMatchObject({ ok: true });
    },
    trace: ['error.log', /connect\(\) failed \(111: Connection refused\) while connecting to upstream/],
  },
  'app-down': { entry: 502, truth: () => refusesToConnect(sandbox.places.app), trace: ['app.log', /FATAL uncaught exception/] },
  'app-hung': {
    entry: 504,
    truth: async () => {
      expect(await knock(sandbox.places.app)).toBe('open');
      expect(await app(1_300)).toMatchObject({ result: 'TIMEOUT' });
    },
    trace: ['error.log', /upstream timed out \(110: Connection timed out\)/],
  },
  'config-missing-key': {
    entry: 502,
    truth: () => refusesToConnect(sandbox.places.app),
    trace: ['app.log', /FATAL config: required setting \w+ is missing/],
  },
  'bank-credentials': {
    entry: 503,
    truth: providerUnwell(/401 invalid_api_key/),
    trace: ['app.log', /ERROR payment .*HTTP 401 invalid_api_key/],
  },
  'file-corrupted': {
    entry: 503,
    truth: async () => {
      await fails('files');
      expect(read('paygw/MANIFEST.sha256')).not.toContain(createHash('sha256').update(read('paygw/fees.json')).digest('hex'));
    },
    trace: ['app.log', /ERROR payment .*fees\.json is unreadable/],
  },
  'file-missing': {
    entry: 503,
    truth: () => fails('files'),
    trace: ['app.log', /ERROR payment .*ENOENT/],
  },
  'version-mismatch': {
    entry: 503,
    truth: async () => {
      expect(read('paygw/VERSION')).toBe('2.3.0\n');
      await providerUnwell(/unexpected answer/)();
    },
    trace: ['app.log', /ERROR payment .*no field "response_code"/],
  },
  'db-down': {
    entry: 503,
    truth: () => refusesToConnect(sandbox.places.store),
    trace: ['app.log', /ERROR payment .*store: connect ECONNREFUSED/],
  },
  'db-hung': {
    entry: 503,
    truth: async () => {
      expect(await knock(sandbox.places.store)).toBe('open');
      await complains('store', /no answer/);
    },
    trace: ['app.log', /ERROR payment .*store: no answer from/],
  },
  'db-max-connections': {
    entry: 503,
    truth: () => complains('store', /too many connections/),
    trace: ['store.log', /connection refused: 20 of 20 sessions in use \(.*bi-report/],
  },
  'pool-exhausted': {
    entry: 503,
    truth: async () => {
      await complains('store', /timeout waiting for connection/);
      expect(JSON.parse((await app()).body).checks.pool).toMatchObject({ size: 8, in_use: 8 });
    },
    trace: ['app.log', /ERROR payment .*timeout waiting for connection .*8 of 8 in use/],
  },
  'disk-full': {
    entry: 503,
    truth: async () => {
      expect(() => writeFileSync(at('data/spool/one-more'), 'x')).toThrow('ENOSPC');
      expect(statfsSync(at('data/spool'))).toMatchObject({ bavail: 0 });
    },
    trace: ['app.log', /ERROR payment .*spool: ENOSPC/],
  },
  'disk-inodes': {
    entry: 503,
    truth: async () => {
      const { bavail, ffree } = statfsSync(at('data/spool'));
      expect(ffree).toBe(0);
      expect(bavail).toBeGreaterThan(0);
    },
    trace: ['app.log', /ERROR payment .*spool: ENOSPC/],
  },
  'disk-readonly': {
    entry: 503,
    truth: async () => expect(() => writeFileSync(at('data/spool/one-more'), 'x')).toThrow('EROFS'),
    trace: ['app.log', /ERROR payment .*spool: EROFS/],
  },
  'spool-permission': {
    entry: 503,
    truth: async () => expect(statSync(at('data/spool')).mode & 0o222).toBe(0),
    trace: ['app.log', /ERROR payment .*spool: EACCES/],
  },
  'bank-down': {
    entry: 503,
    truth: async () => expect(await provider('bank')).toMatchObject({ result: 'ECONNREFUSED' }),
    trace: ['app.log', /ERROR payment .*provider bank: connect ECONNREFUSED/],
  },
  'bank-timeout': {
    entry: 503,
    truth: async () => expect(await provider('bank', {}, 1500)).toMatchObject({ result: 'TIMEOUT' }),
    trace: ['app.log', /WARN {2}provider bank: no answer after 1000 ms/],
  },
  'bank-slow': {
    entry: 503,
    truth: async () => {
      const seen = await provider('bank');
      expect(seen.result).toBe(200);
      expect(seen.ms).toBeGreaterThan(2900);
    },
    trace: ['app.log', /WARN {2}provider bank: no answer after 1000 ms/],
  },
  'bank-5xx': {
    entry: 503,
    truth: async () => expect(await provider('bank')).toMatchObject({ result: 503 }),
    trace: ['app.log', /provider bank: HTTP 503/],
  },
  'bank-maintenance': {
    entry: 503,
    truth: async () =>
      expect(await provider('bank')).toMatchObject({ result: 503, body: expect.stringContaining('scheduled_maintenance') }),
    trace: ['app.log', /HTTP 503 scheduled_maintenance/],
  },
  'bank-rate-limited': {
    entry: 503,
    truth: async () => expect(await provider('bank')).toMatchObject({ result: 429 }),
    trace: ['app.log', /HTTP 429 rate_limited/],
  },
  'bank-tls-expired': {
    entry: 503,
    truth: async () => expect(await provider('bank')).toMatchObject({ result: 'CERT_HAS_EXPIRED' }),
    trace: ['app.log', /ERROR payment .*CERT_HAS_EXPIRED/],
  },
  'dns-wrong-record': {
    entry: 503,
    truth: async () => {
      expect(await resolve('api.bank.test')).toBe('127.0.0.9');
      expect(await provider('bank')).toMatchObject({ result: 200 });
    },
    trace: ['app.log', /ERROR payment .*127\.0\.0\.9/],
  },
  'dns-down': {
    entry: 503,
    truth: async () => expect(await resolve('api.bank.test')).toMatch(/ECONNREFUSED|ETIMEOUT/),
    trace: ['app.log', /ERROR payment .*cannot resolve api\.bank\.test/],
  },
  'switch-silent': { entry: 200, truth: noTruth, trace: ['switch.log', /no response from acquirer within/] },
  'switch-slow': { entry: 200, truth: noTruth, trace: ['switch.log', /0210 .* rc=00 in 3\d{3} ms/] },
  'switch-refuses': {
    entry: 200,
    truth: async () => {
      const { host, port } = sandbox.places.card.peer;
      expect(await knock(port, host)).toBe('ECONNREFUSED');
    },
    trace: ['switch.log', /connect to acquirer .* failed: Connection refused/],
  },
  'switch-issuer-inoperative': { entry: 200, truth: noTruth, trace: ['switch.log', /0210 .* rc=91 /] },
  'switch-malfunction': { entry: 200, truth: noTruth, trace: ['switch.log', /0210 .* rc=96 /] },
  'switch-late': { entry: 200, truth: noTruth, trace: ['switch.log', /0210 .* rc=68 /] },
  'switch-garbage': { entry: 200, truth: noTruth, trace: ['switch.log', /undecodable message from acquirer/] },
  'switch-wrong-length': { entry: 200, truth: noTruth, trace: ['switch.log', /undecodable message from acquirer/] },
  'switch-mac': { entry: 200, truth: noTruth, trace: ['switch.log', /MAC verification failed for 0210/] },
  'ntp-wrong': {
    entry: 200,
    truth: async () => {
      const offsets = await Promise.all(sandbox.places.time.map(timeOffset));
      expect(offsets.filter((offset) => Math.abs(offset - 90_000) < 1000)).toHaveLength(1);
      expect(offsets.filter((offset) => Math.abs(offset) < 1000)).toHaveLength(2);
    },
  },
};

/** Their customers wait for seconds before they give up; meanwhile nothing gets through. */
const SLOW_TO_FAIL = ['app-hung', 'bank-timeout'];

describe('every fault', () => {
  // One that fails here must not be seen in the next.
  afterEach(async () => {
    if (switchedOn !== undefined) await sandbox.heal(switchedOn);
    switchedOn = undefined;
  });

  test('is listed, made, expected here and known to the vocabulary', () => {
    const ids = faults.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(breakages).sort()).toEqual([...ids].sort());
    expect(Object.keys(expectations).sort()).toEqual([...ids].sort());
    expect(ids).toEqual(expect.arrayContaining(['tls-expired', 'app-down', 'bank-timeout', 'db-down', 'disk-full']));
    for (const { cause, class: family } of faults) expect({ cause, class: family }).toEqual({ cause, class: classOf(cause) });
  });

  for (const { id, repair, harmless, available, reason } of listFaults()) {
    test.skipIf(available === false)(`${id} is real and can be repaired${available === false ? ` (skipped: ${reason})` : ''}`, async () => {
      const expected = expectations[id] as Expectation;
      const logged = expected.trace && read('log', expected.trace[0]).length;
      const before = sandbox.payments();
      switchedOn = id;
      await sandbox.inject(id);
      const seen = await until(entry, ({ result }) => result === expected.entry);
      expect(seen.result, seen.body).toBe(expected.entry);
      await expected.truth();
      const { trace } = expected;
      if (trace)
        expect(
          await until(
            () => read('log', trace[0]).slice(logged),
            (text) => trace[1].test(text),
          ),
        ).toMatch(trace[1]);
      if (SLOW_TO_FAIL.includes(id)) expect(sandbox.payments().approved).toBeLessThan(before.approved + 3);
      else if (!harmless && id !== 'bank-slow')
        expect(
          await until(
            () => sandbox.payments().failed,
            (failed) => failed > before.failed,
          ),
        ).toBeGreaterThan(before.failed);

      for (const [verb, target] of repair) expect(await order(verb as string, target)).toMatchObject({ ok: true });
      const repaired = sandbox.payments();
      expect(await until(entry, ({ result }) => result === 200)).toMatchObject({ result: 200 });
      expect(
        await until(
          () => sandbox.payments().approved,
          (approved) => approved > repaired.approved,
        ),
      ).toBeGreaterThan(repaired.approved);
      await sandbox.heal(id);
      expect(await until(entry, ({ result }) => result === 200)).toMatchObject({ result: 200 });
    });
  }

  test('a fault that cannot be made says so, and so does one that does not exist', async () => {
    for (const { id } of listFaults().filter(({ available }) => available === false)) {
      await expect(sandbox.inject(id)).rejects.toMatchObject({ code: 'fault-unavailable' });
    }
    await expect(sandbox.inject('toString')).rejects.toMatchObject({ code: 'unknown-fault' });
  });
});

describe('control', () => {
  test('what stops the symptom alone does not last', async () => {
    await sandbox.inject('pool-exhausted');
    await until(entry, ({ result }) => result === 503);
    await order('restart', 'app');
    expect(await until(entry, ({ result }) => result === 503)).toMatchObject({ result: 503 });
    await order('end-sessions', 'app');
    expect(await until(entry, ({ result }) => result === 200)).toMatchObject({ result: 200 });
  });

  test('a restored configuration can be taken back', async () => {
    const good = read('etc/web.conf');
    await sandbox.inject('web-wrong-upstream');
    const bad = read('etc/web.conf');
    await order('restore-config', 'web');
    expect(read('etc/web.conf')).toBe(good);
    await order('undo-restore-config', 'web');
    expect(read('etc/web.conf')).toBe(bad);
    await sandbox.heal('web-wrong-upstream');
  });

  test('a reload with a broken configuration fails and changes nothing', async () => {
    const good = read('etc/web.conf');
    writeFileSync(at('etc/web.conf'), good.replace('6s;', '6s'));
    expect(await order('reload', 'web')).toMatchObject({ ok: false, output: expect.stringContaining('not terminated by ";"') });
    expect(await entry()).toMatchObject({ result: 200 });
    writeFileSync(at('etc/web.conf'), good);
  });

  test('services stop and start; channels are shown', async () => {
    expect(await order('stop', 'store')).toEqual({ ok: true, output: 'store stopped' });
    expect((await order('status')).output).toBe('web running\napp running\napp-2 stopped\nstore stopped\ndns running');
    expect(await order('start', 'store')).toEqual({ ok: true, output: 'store started' });
    expect(await order('start', 'store')).toEqual({ ok: true, output: 'store is running already' });
    expect(await order('show-channel')).toEqual({ ok: true, output: 'primary' });
    expect(await until(entry, ({ result }) => result === 200)).toMatchObject({ result: 200 });
  });

  test.each([
    [['restart', 'bank'], 'expected one of web, app, app-2, store, dns, got "bank"'],
    [['constructor'], 'unknown verb "constructor"'],
    [['switch-channel', 'third'], 'expected primary, backup or backup 25%'],
    [['inject', '__proto__'], 'unknown fault "__proto__"'],
  ])('%j is refused with the reason', async ([verb, target], reason) => {
    expect(await order(verb as string, target)).toMatchObject({ ok: false, output: expect.stringContaining(reason) });
  });

  test('where nothing runs the error names the folder', async () => {
    await expect(controlSandbox({ dir: root, verb: 'status' })).rejects.toMatchObject({
      code: 'sandbox-not-running',
      message: expect.stringContaining(root),
    });
  });

  test('only its user gets in', () => {
    expect(statSync(dir).mode & 0o077).toBe(0);
    expect(() => chmodSync(at('run/control.sock'), 0o600)).not.toThrow();
  });
});

function order(verb: string, target?: string): ReturnType<typeof controlSandbox> {
  return controlSandbox({ dir, verb, ...(target === undefined ? {} : { target }) });
}

/** Server time minus ours, by a hand-made SNTP query. */
async function timeOffset(port: number): Promise<number> {
  const socket = createSocket('udp4');
  const query = Buffer.alloc(48);
  query[0] = 0x23;
  query.writeUInt32BE(0xdeadbeef, 40);
  socket.send(query, port, '127.0.0.1');
  const [answer] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  expect(answer.readUInt32BE(24)).toBe(0xdeadbeef);
  expect((answer[0] as number) & 7).toBe(4);
  return (answer.readUInt32BE(40) - 2_208_988_800) * 1000 + (answer.readUInt32BE(44) / 2 ** 32) * 1000 - Date.now();
}
