/** `oor redact` as its users type it: a filter, files, folders. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

const LINE = 'user=alice pan=4111111111111111 cvv=123 password=hunter2-x from 10.20.4.7\n';
const CLEAN = 'user=alice pan=411111******1111 cvv=[CVV] password=[SECRET:password] from 10.20.4.7\n';

describe('oor redact', () => {
  let desk: Desk;
  beforeAll(() => {
    desk = openDesk();
  });
  afterAll(() => desk.leave());

  function redact(
    args: readonly string[],
    input: string | Uint8Array = '',
  ): { readonly status: number | null; readonly out: Buffer; readonly err: string } {
    const [file = '', ...rest] = desk.argv(['redact', ...args]);
    const { status, stdout, stderr } = spawnSync(file, rest, { cwd: desk.folder, env: desk.env, input, maxBuffer: 64 * 1024 * 1024 });
    return { status, out: stdout, err: stderr.toString() };
  }

  it('is a filter', () => {
    expect(redact([], LINE)).toEqual({ status: 0, out: Buffer.from(CLEAN), err: '' });
    expect(redact(['-'], LINE).out.toString()).toBe(CLEAN);
  });

  it('counts as one JSON line on stderr', () => {
    const { out, err } = redact(['--json'], LINE);
    expect(out.toString()).toBe(CLEAN);
    expect(JSON.parse(err)).toEqual({
      schema_version: 1,
      removed: 3,
      counts: { pan: 1, cvv: 1, password: 1 },
      issuers: { 411111: 1 },
      files: 1,
      withheld: 0,
      withheld_bytes: 0,
      withheld_items: [],
      passed_over: 0,
      passed_over_items: [],
    });
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('keeps other encodings byte for byte', () => {
    const gbk = Buffer.concat([Buffer.from([0xd6, 0xa7, 0xb8, 0xb6, 0x20]), Buffer.from(LINE)]);
    expect(redact([], gbk).out).toEqual(Buffer.concat([gbk.subarray(0, 5), Buffer.from(CLEAN)]));
    expect(redact([], Buffer.from(`\ufeff${LINE}`, 'utf16le')).out).toEqual(Buffer.from(`\ufeff${CLEAN}`, 'utf16le'));
  });

  it('cleans a folder: packed files stay packed, what is no text is withheld, names are cleaned, files are 0600', () => {
    const dir = join(desk.folder, 'evidence');
    mkdirSync(join(dir, 'old'), { recursive: true });
    writeFileSync(join(dir, 'app.log'), LINE);
    writeFileSync(join(dir, 'pay-4111111111111111.log'), LINE);
    writeFileSync(join(dir, 'old', 'app.log.1.gz'), gzipSync(LINE));
    writeFileSync(join(dir, 'core'), Buffer.from(Array.from({ length: 2000 }, (_, index) => index % 23)));
    const { status, err, out } = redact(['evidence', '--out', 'cleaned', '--json', '--ledger', 'ledger.jsonl']);
    expect({ status, out: out.toString() }).toEqual({ status: 0, out: '' });
    expect(JSON.parse(err)).toMatchObject({
      files: 4,
      withheld: 1,
      withheld_bytes: 2000,
      withheld_items: ['core'],
      counts: { pan: 3, cvv: 3 },
    });
    expect(redact(['evidence/core', 'evidence/app.log']).err).toBe('oor: withheld what is no text: 1 (2000 bytes): core\n');
    const cleaned = join(desk.folder, 'cleaned');
    expect(readdirSync(cleaned).sort()).toEqual(['app.log', 'old', 'pay-411111_1111.log']);
    expect(readFileSync(join(cleaned, 'app.log'), 'utf8')).toBe(CLEAN);
    expect(gunzipSync(readFileSync(join(cleaned, 'old', 'app.log.1.gz'))).toString()).toBe(CLEAN);
    const ledger = readFileSync(join(desk.folder, 'ledger.jsonl'), 'utf8');
    expect(JSON.parse(ledger.split('\n')[0] ?? '')).toEqual({ item: 'app.log', line: 1, rule: 'pan', issuer: '411111' });
    expect(ledger.trim().split('\n')).toHaveLength(9);
    expect(ledger).not.toMatch(/4111111|hunter2|123\b/);
    expect(redact(['evidence', '--out', 'cleaned']).status).toBe(2);
  });

  it('leaves no half of a file where it must stop, and a full standard output is told', () => {
    const [program = '', ...rest] = desk.argv(['redact', 'long.log', '--out', 'half']);
    writeFileSync(join(desk.folder, 'long.log'), LINE.repeat(20_000));
    // A limit on the size of files is met as a full disk is; what node writes for itself is smaller.
    const limited = spawnSync('sh', ['-c', 'ulimit -f 400; trap "" XFSZ; exec "$@"', 'sh', program, ...rest], {
      cwd: desk.folder,
      env: desk.env,
      encoding: 'utf8',
    });
    expect([limited.status, limited.stderr]).toEqual([2, expect.stringMatching(/^oor: half\/long\.log cannot be written: .+\n {2}\S/)]);
    expect(readdirSync(join(desk.folder, 'half'))).toEqual([]);
    for (const argv of [
      ['redact', 'long.log'],
      ['help', 'exit-codes'],
      ['drill', '--list', '--json'],
    ]) {
      const full = spawnSync('sh', ['-c', 'exec "$@" > /dev/full', 'sh', ...desk.argv(argv)], {
        cwd: desk.folder,
        env: desk.env,
        encoding: 'utf8',
      });
      expect([full.status, full.stderr]).toEqual([
        2,
        'oor: standard output cannot be written: no space is left on the disk\n  free some space, or name a place on another disk\n',
      ]);
    }
  });

  it('ends when nobody reads any more', () => {
    const argv = ['sh', '-c', 'yes "$0" | timeout 60 "$@" | head -n 1; echo "${PIPESTATUS[1]}"', LINE.trim(), ...desk.argv(['redact'])];
    const ended = spawnSync('bash', argv.slice(1), { cwd: desk.folder, env: desk.env, encoding: 'utf8' });
    expect([ended.stdout, ended.stderr]).toEqual([`${CLEAN}0\n`, '']);
  });

  it('tells what in a folder it passed over, and why', () => {
    const dir = join(desk.folder, 'mixed');
    mkdirSync(dir);
    writeFileSync(join(dir, 'app.log'), LINE);
    symlinkSync('app.log', join(dir, 'current-4111111111111111.log'));
    symlinkSync('/nowhere', join(dir, 'broken'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    const { status, err, out } = redact(['mixed']);
    expect({ status, out: out.toString() }).toEqual({ status: 0, out: CLEAN });
    expect(err).toBe(
      'oor: passed over, symbolic links: broken, current-411111_1111.log\noor: passed over, sockets, pipes and devices: pipe\n' +
        '  not cleaned, and not in the result: 3; only regular files are. What a link leads to can be named itself\n',
    );
    expect(JSON.parse(redact(['mixed', '--json']).err)).toMatchObject({
      files: 1,
      passed_over: 3,
      passed_over_items: [{ name: 'broken', kind: 'symbolic link' }, { name: 'current-411111_1111.log' }, { name: 'pipe', kind: 'fifo' }],
    });
    expect(redact(['mixed', '--lang', 'zh-CN']).err).toMatch(
      /^oor：跳过的符号链接：broken.*\noor：跳过的套接字、管道和设备：pipe\n {2}未清理/,
    );
    expect(redact(['mixed', '--quiet']).err).toBe('');
  });

  it('pseudonyms: the same within an incident, others without', () => {
    const given = ['--pseudonyms', '--pan', 'pseudonym'];
    const [first, again, other, alone] = [['--incident', 'INC-1'], ['--incident', 'INC-1'], ['--incident', 'INC-2'], []].map((more) =>
      redact([...given, ...more], LINE).out.toString(),
    );
    expect(first).toMatch(
      /^user=\[ACCOUNT:[a-z2-9]{12}\] pan=\[PAN:[a-z2-9]{12}\] cvv=\[CVV\] password=\[SECRET:password\] from \[IP:[a-z2-9]{12}\]\n$/,
    );
    expect(again).toBe(first);
    expect(new Set([first, other, alone]).size).toBe(3);
    expect(first).not.toContain('1111');
    // Nor do the counts: a name and its issuer together are more than either.
    expect(JSON.parse(redact([...given, '--json'], LINE).err)).toMatchObject({ counts: { pan: 1 }, issuers: {} });
  });

  it('pseudonyms: names of machines are those of the profile, short ones too', () => {
    const profile = join(desk.folder, 'site.yaml');
    writeFileSync(
      profile,
      'oor: 1\nhosts: [ { name: gw, ssh: ops@ledger-7 } ]\npeers: { front: [till4, till5] }\nproviders: [ { name: bank, kind: http, url: "https://acquirer9/health" } ]\n',
    );
    const line = 'from till4 by gw: ledger-7 and acquirer9 are down, settings of gwx stay\n';
    const ran = redact(['--pseudonyms', '--profile', profile], line);
    expect(ran.out.toString()).toMatch(
      /^from \[HOST:\w{12}\] by \[HOST:\w{12}\]: \[HOST:\w{12}\] and \[HOST:\w{12}\] are down, settings of gwx stay\n$/,
    );
    expect(redact(['--pseudonyms'], line).out.toString()).toBe(line);
  });

  it.each([
    [['no-such-file'], 2, /no such file/],
    [['--pan', 'plain'], 2, /mask or pseudonym/],
    [['--only', 'x'], 2, /card/],
  ])('%j is refused', (args, status, message) => {
    const ran = redact(args, LINE);
    expect({ status: ran.status, out: ran.out.toString() }).toEqual({ status, out: '' });
    expect(ran.err).toMatch(message);
  });

  it('a damaged packed file is an error, not a clean one', () => {
    expect(redact([], gzipSync('x'.repeat(9999)).subarray(0, 40)).status).toBe(65);
  });
});
