/** Evidence as it leaves: packed by a run, checked by us and by the tools that everybody has. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { causesOfSite, type Desk, openDesk, parseRun, type Ran } from './oor.ts';

const tool = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
const have = { ssh: tool('ssh-keygen'), age: tool('age') };
if (!have.ssh) console.log('ssh-keygen is not here: the signature is not verified with it');
if (!have.age) console.log('age is not here: the encrypted bundle is not opened with it');

let desk: Desk;
let ran: Ran;
let session: string;
const file = (name: string): string => join(desk.folder, name);
const json = ({ stdout }: Ran): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

beforeAll(async () => {
  desk = openDesk();
  ran = await desk.run(['run', '--sandbox=tls-expired', '--no-input', '--json', '--bundle', file('x.tar.gz')]);
  session = parseRun(ran).session;
});
afterAll(() => desk.leave());

describe('a session that somebody still runs', () => {
  it('is packed as it was at one moment', async () => {
    const other = openDesk();
    const running = other.start(['run', '--no-input', '--quiet']);
    let over = false;
    void running.ended.then(() => {
      over = true;
    });
    const of = (): string | undefined => {
      const folder = join(other.stateDir, 'sessions');
      const [id] = existsSync(folder) ? readdirSync(folder) : [];
      const journal = join(folder, id ?? '', 'journal.jsonl');
      return id !== undefined && existsSync(journal) && readFileSync(journal, 'utf8').includes('\n') ? id : undefined;
    };
    while (of() === undefined && !over) await new Promise((resolve) => setTimeout(resolve, 20));
    for (let count = 0; count < 8; count++) {
      const made = join(other.folder, `${count}.tar.gz`);
      const packed = await other.run(['bundle', 'create', of() ?? '', '--out', made]);
      expect([packed.status, packed.stderr]).toEqual([0, '']);
      if (count === 0) expect(packed.stdout).toMatch(/oor bundle verify .*\nthe session has not ended: this is what it held until now\n$/);
      expect((await other.run(['bundle', 'verify', made])).stdout).toMatch(/^GOOD: /);
      if (over) break;
    }
    await running.ended;
    other.leave();
  });
});

describe('a run with --bundle', () => {
  it('says its verdict as ever, and packs for the owner alone', () => {
    expect(ran.status).toBe(1);
    expect(parseRun(ran)).toMatchObject({ verdict: 'fault', exit_code: 1 });
    expect(ran.stderr).toContain('oor bundle verify');
    expect(statSync(file('x.tar.gz')).mode & 0o777).toBe(0o600);
    expect(statSync(file('x.tar.gz')).size).toBeLessThan(2 * 1024 * 1024);
  });

  it('makes an archive that any tar reads, the report first', () => {
    const names = execFileSync('tar', ['tzf', file('x.tar.gz')], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(names.slice(0, 4)).toEqual(['report.html', 'manifest.json', 'manifest.json.sig', 'journal.jsonl']);
    expect(names.some((name) => /^artifacts\/logs\/\d+-access\.log\.txt$/.test(name))).toBe(true);
    expect(names).toContain('playbook/payment-gateway.yaml');
    expect(execFileSync('tar', ['xzOf', file('x.tar.gz'), 'report.html'], { encoding: 'utf8' })).toContain('certificate');
  });

  it('is good, and the same bytes when it is made of the same session again', async () => {
    expect(json(await desk.run(['bundle', 'verify', file('x.tar.gz'), '--json']))).toMatchObject({ ok: true, first_bad: null });
    const elsewhere = { LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8', TZ: 'Asia/Shanghai', COLUMNS: '40' };
    expect((await desk.run(['bundle', 'create', session, '--out', file('again.tar.gz')], elsewhere)).status).toBe(0);
    expect(readFileSync(file('again.tar.gz')).equals(readFileSync(file('x.tar.gz')))).toBe(true);
  });

  it('of evidence that was altered or went since it was captured: is without it, and says so', async () => {
    const copy = openDesk();
    cpSync(desk.stateDir, copy.stateDir, { recursive: true });
    const evidence = join(copy.stateDir, 'sessions', session, 'evidence');
    const [altered = '', gone = ''] = readdirSync(evidence).toSorted(
      (one, other) => statSync(join(evidence, other)).size - statSync(join(evidence, one)).size,
    );
    appendFileSync(join(evidence, altered), 'x');
    rmSync(join(evidence, gone));
    const made = await copy.run(['bundle', 'create', session, '--out', 'lost.tar.gz']);
    expect(made.status).toBe(9);
    expect(made.stderr).toMatch(
      /^oor: the evidence of session \S+ is gone or was altered since it was captured; lost\.tar\.gz is without it: \S+ \(.+\), .+\n {2}the manifest names/,
    );
    expect(made.stdout).toContain('oor bundle verify lost.tar.gz');
    expect((await copy.run(['bundle', 'verify', 'lost.tar.gz'])).status).toBe(0);
    const told = await copy.run(['bundle', 'create', session, '--out', 'again.tar.gz', '--json']);
    expect([told.status, (json(told)['lost'] as unknown[]).length]).toEqual([9, expect.any(Number)]);
    expect(json(told)['lost']).toContainEqual(
      expect.objectContaining({ collected: 'failed', step: expect.any(String), what: expect.any(String) }),
    );
    expect((await copy.run(['bundle', 'create', session, '--out', 'zh.tar.gz', '--lang', 'zh-CN'])).stderr).toMatch(
      /^oor: 会话 \S+ 的部分证据在采集后丢失或被改动/,
    );
    copy.leave();
  });

  it('refuses to lie over what is there, before anything runs', async () => {
    const again = await desk.run(['run', '--sandbox=none', '--no-input', '--bundle', file('x.tar.gz')]);
    expect(again).toMatchObject({ status: 2, stdout: '' });
    for (const place of [desk.folder, file('no/x.tar.gz')])
      expect(await desk.run(['run', '--sandbox=none', '--no-input', '--bundle', place])).toMatchObject({ status: 2, stdout: '' });
  });

  it.skipIf(!have.ssh)('is signed so that ssh-keygen verifies it', () => {
    const [manifest, signature] = ['manifest.json', 'manifest.json.sig'].map((name) =>
      execFileSync('tar', ['xzOf', file('x.tar.gz'), name]),
    );
    writeFileSync(file('sig'), signature as Buffer);
    writeFileSync(file('signers'), `oor ${readFileSync(join(desk.stateDir, 'keys/bundle_ed25519.pub'), 'utf8')}`);
    const argv = ['-Y', 'verify', '-f', file('signers'), '-I', 'oor', '-n', 'oor-bundle', '-s', file('sig')];
    expect(spawnSync('ssh-keygen', argv, { input: manifest }).status).toBe(0);
  });

  it('is of an unknown key on another machine, until that is told whose it is', async () => {
    const elsewhere = { OOR_STATE_DIR: file('elsewhere') };
    const asked = await desk.run(['bundle', 'verify', file('x.tar.gz')], elsewhere);
    expect(asked.status).toBe(11);
    const [key = ''] = /ssh-ed25519 \S+/.exec(asked.stdout) ?? [];
    expect(readFileSync(join(desk.stateDir, 'keys/bundle_ed25519.pub'), 'utf8')).toContain(key);
    writeFileSync(file('signers'), `auditor ${key}\n`);
    const told = await desk.run(['bundle', 'verify', file('x.tar.gz'), '--allowed-signers', file('signers'), '--json'], elsewhere);
    expect({ status: told.status, by: json(told)['signed_by'] }).toEqual({ status: 0, by: 'auditor' });
    writeFileSync(file('signers'), `auditor namespaces="git" ${key}\n`);
    const meantForOther = await desk.run(['bundle', 'verify', file('x.tar.gz'), '--allowed-signers', file('signers')], elsewhere);
    expect(meantForOther.status).toBe(11);
    expect((await desk.run(['bundle', 'create', session, '--no-sign', '--out', file('unsigned.tar.gz')])).status).toBe(0);
    expect((await desk.run(['bundle', 'verify', file('unsigned.tar.gz')])).status).toBe(10);
    expect((await desk.run(['bundle', 'verify', join(process.cwd(), 'README.md')])).status).toBe(65);
    const folder = await desk.run(['bundle', 'verify', desk.folder]);
    expect([folder.status, folder.stderr]).toEqual([65, expect.stringContaining(`${desk.folder} cannot be read: it is a folder`)]);
    writeFileSync(file('nobody'), '# none\nauditor ssh-rsa AAAA\n');
    const nobody = await desk.run(['bundle', 'verify', file('x.tar.gz'), '--allowed-signers', file('nobody')]);
    expect([nobody.status, nobody.stderr]).toEqual([2, expect.stringContaining('no Ed25519 key')]);
  });

  it('promises no lines that the run did not look at, and has none of a window before that', async () => {
    const windowOf = async (...flags: readonly string[]): Promise<number> => {
      const made = file(`window${flags.join('')}.tar.gz`);
      expect((await desk.run(['bundle', 'create', session, ...flags, '--out', made])).status).toBe(0);
      const { window, started_at } = JSON.parse(execFileSync('tar', ['xzOf', made, 'manifest.json'], { encoding: 'utf8' })) as {
        window: { since: string };
        started_at: string;
      };
      return (Date.parse(started_at) - Date.parse(window.since)) / 60_000;
    };
    const usual = await windowOf();
    expect(await windowOf('--since', '10m')).toBe(10);
    expect(await windowOf('--since', '10h')).toBe(usual);
    for (const flags of [
      ['--since', '1h', '--until', '2h'],
      ['--until', '10h'],
    ])
      expect(await desk.run(['bundle', 'create', session, ...flags, '--out', file('early.tar.gz')])).toMatchObject({ status: 2 });
    expect(existsSync(file('early.tar.gz'))).toBe(false);
  });

  it('is diagnosed again without the host, to the same end', async () => {
    const again = await desk.run(['bundle', 'analyze', file('x.tar.gz'), '--json']);
    expect(again.status).toBe(1);
    expect(json(again)).toMatchObject({ verdict: 'fault', was: { verdict: 'fault' }, changed: [] });
    expect(causesOfSite(parseRun(again))[0]).toMatchObject({ id: 'tls.expired' });
    expect(json(again)['started_at']).toBe(json(ran)['started_at']);
    // The session may be kept on another machine.
    const { stdout } = await desk.run(['bundle', 'analyze', file('x.tar.gz')]);
    expect(stdout).toContain(`oor report ${file('x.tar.gz')}`);
    expect((await desk.run(['report', file('x.tar.gz')])).stdout).toContain(`oor report ${file('x.tar.gz')}`);
  });

  it('is judged by the thresholds of today', async () => {
    writeFileSync(file('strict.yaml'), 'oor: 1\nthresholds: { disk.space: { warn: 0.1, crit: 0.2 } }\n');
    const again = json(await desk.run(['bundle', 'analyze', file('x.tar.gz'), '--profile', file('strict.yaml'), '--json']));
    expect(again['changed']).toContainEqual(expect.objectContaining({ step: 'disk', now: 'fail' }));
  });

  it('lists what is in it and what is not; gives out one entry or all, into a new folder', async () => {
    const { stdout } = await desk.run(['bundle', 'inspect', file('x.tar.gz')]);
    expect(stdout).toMatch(/^GOOD: /);
    expect(stdout).toContain('Not collected, and why');
    const chinese = await desk.run(['bundle', 'inspect', file('x.tar.gz'), '--lang', 'zh-CN']);
    expect(chinese.stdout).toContain('未采集及原因');
    const report = await desk.run(['bundle', 'extract', file('x.tar.gz'), 'report.html']);
    expect(report.stdout).toBe(execFileSync('tar', ['xzOf', file('x.tar.gz'), 'report.html'], { encoding: 'utf8' }));
    expect((await desk.run(['bundle', 'extract', file('x.tar.gz'), 'report.html', 'journal.jsonl', '--out', file('out')])).status).toBe(0);
    expect(readdirSync(file('out')).sort()).toEqual(['journal.jsonl', 'report.html']);
    expect((await desk.run(['bundle', 'extract', file('x.tar.gz'), '../x'])).status).toBe(2);
    expect((await desk.run(['bundle', 'extract', file('x.tar.gz'), 'artifacts/logs/', 'playbook', '--out', file('parts')])).status).toBe(0);
    expect(readdirSync(file('parts')).sort()).toEqual(['artifacts', 'playbook']);
    expect(readdirSync(file('parts/artifacts'))).toEqual(['logs']);
    expect((await desk.run(['bundle', 'extract', file('x.tar.gz'), 'art', '--out', file('none')])).status).toBe(2);
  });

  it.skipIf(!have.age)('is encrypted to whom it is for', async () => {
    execFileSync('age-keygen', ['-o', file('identity')], { stdio: 'ignore' });
    const recipient = execFileSync('age-keygen', ['-y', file('identity')], { encoding: 'utf8' }).trim();
    const made = await desk.run(['bundle', 'create', session, '--recipient', recipient, '--out', file('x.age')]);
    expect(made.status).toBe(0);
    expect(execFileSync('age', ['-d', '-i', file('identity'), file('x.age')]).equals(readFileSync(file('x.tar.gz')))).toBe(true);
    expect((await desk.run(['bundle', 'verify', file('x.age')])).status).toBe(2);
    expect((await desk.run(['bundle', 'verify', file('x.age'), '--identity', file('identity')])).status).toBe(0);
  });
});

describe('the gate', () => {
  it('leaves no file when something would leave that must not: exit 8, the verdict all the same', async () => {
    // What is compressed inside of a text is not found where it is captured; the second look unpacks it.
    const hidden = gzipSync('the card is 4111111111111111 of visa').toString('hex');
    mkdirSync(file('gate'));
    writeFileSync(
      file('gate/own.yaml'),
      `# ${hidden}\noor: 1\nid: own\ntitle: { en: own }\nphases:\n  hardware:\n    steps:\n      - { id: disk, uses: disk.space, title: { en: disk } }\n`,
    );
    const refused = await desk.run(['run', file('gate/own.yaml'), '--no-input', '--json', '--bundle', file('gate/y.tar.gz')]);
    expect(refused.stderr).toMatch(/playbook\/own\.yaml:1 \(hex.*\): pan/);
    expect(refused.stderr).not.toContain('4111111111111111');
    expect(refused.status).toBe(8);
    expect(parseRun(refused)).toMatchObject({ verdict: 'unknown', exit_code: 7 });
    expect(existsSync(file('gate/y.tar.gz'))).toBe(false);
    expect(readdirSync(file('gate'))).toEqual(['own.yaml']);
  });
});

describe('the window', () => {
  it('is of lines, in what was rotated and compressed too', async () => {
    mkdirSync(file('logs'));
    const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    writeFileSync(file('logs/app.log'), `${at(12)} newest\n${at(2)} too new\n`);
    writeFileSync(file('logs/app.log.1'), `${at(40)} rotated\n`);
    writeFileSync(file('logs/app.log.2'), `${at(200)} too old\n${at(50)} compressed\n`);
    execFileSync('gzip', [file('logs/app.log.2')]);
    for (const [name, minutes] of [
      ['logs/app.log.1', 40],
      ['logs/app.log.2.gz', 50],
    ] as const)
      utimesSync(file(name), new Date(), new Date(Date.now() - minutes * 60_000));
    writeFileSync(file('logs/app.log.3.gz'), 'damaged');
    writeFileSync(file('logs/oor.yaml'), `oor: 1\nservices: [ { name: app, kind: app, log: ${file('logs/app.log')} } ]\n`);
    const args = [
      '--profile',
      file('logs/oor.yaml'),
      '--no-input',
      '--json',
      '--since',
      '1h',
      '--until',
      '5m',
      '--bundle',
      file('logs/x.tar.gz'),
    ];
    const { session: id } = parseRun(await desk.run(['run', ...args]));
    const log = (bundle: string): string => execFileSync('tar', ['xzOf', bundle, 'artifacts/logs/01-app.log.txt'], { encoding: 'utf8' });
    expect(log(file('logs/x.tar.gz')).replace(/^\S+ /gm, '')).toBe('compressed\nrotated\nnewest\n');
    const outside = ['too new', 'too old'];
    for (const [name, lines] of [
      ['logs/x.tar.gz', outside],
      ['logs/narrow.tar.gz', [...outside, 'compressed', 'newest']],
    ] as const) {
      if (name !== 'logs/x.tar.gz')
        expect((await desk.run(['bundle', 'create', id, '--since', '45m', '--until', '20m', '--out', file(name)])).status).toBe(0);
      const artifacts = execFileSync('tar', ['xzOf', file(name), '--wildcards', 'artifacts/*'], { encoding: 'utf8' });
      expect(lines.filter((line) => artifacts.includes(`Z ${line}`))).toEqual([]);
      expect((await desk.run(['bundle', 'verify', file(name)])).status).toBe(0);
    }
    const { not_collected: missing } = JSON.parse(
      execFileSync('tar', ['xzOf', file('logs/x.tar.gz'), 'manifest.json'], { encoding: 'utf8' }),
    ) as { not_collected: { step: string }[] };
    expect(missing.filter(({ step }) => step === 'logs')).toEqual([
      expect.objectContaining({ what: file('logs/app.log.3.gz'), collected: 'failed', why: expect.stringContaining('damaged') }),
    ]);
    expect(log(file('logs/narrow.tar.gz')).replace(/^\S+ /gm, '')).toBe('rotated\n');
  });
});

describe('under pseudonyms', () => {
  const made = (name: string, ...more: string[]) => desk.run(['bundle', 'create', session, '--pseudonyms', ...more, '--out', file(name)]);
  const within = (name: string, entry: string) => execFileSync('tar', ['xzOf', file(name), entry], { encoding: 'utf8' });

  it('no entry names a machine, the chain is whole, and the diagnosis is the same', async () => {
    expect((await made('named.tar.gz', '--incident', 'INC-1')).status).toBe(0);
    expect(json(await desk.run(['bundle', 'verify', file('named.tar.gz'), '--json']))).toMatchObject({ ok: true, first_bad: null });
    const { host } = JSON.parse(within('x.tar.gz', 'manifest.json')) as { host: string };
    const named = new RegExp(`(?<![A-Za-z0-9_.-])(?:${host}|api\\.bank\\.test)(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])`, 'i');
    const names = execFileSync('tar', ['tzf', file('named.tar.gz')], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(within('x.tar.gz', 'journal.jsonl')).toMatch(named);
    for (const entry of names) expect([entry, named.test(`${entry} ${within('named.tar.gz', entry)}`)]).toEqual([entry, false]);
    expect((JSON.parse(within('named.tar.gz', 'manifest.json')) as { host: string }).host).toMatch(/^\[HOST:[a-z2-9]{12}\]$/);
    expect((await desk.run(['bundle', 'analyze', file('named.tar.gz')])).stdout).toContain('tls.expired');
  });

  it('a name keeps its pseudonym within an incident and nowhere else', async () => {
    await made('same.tar.gz', '--incident', 'INC-1');
    await made('other.tar.gz', '--incident', 'INC-2');
    const host = (name: string) => (JSON.parse(within(name, 'manifest.json')) as { host: string }).host;
    expect(readFileSync(file('same.tar.gz')).equals(readFileSync(file('named.tar.gz')))).toBe(true);
    expect(host('other.tar.gz')).not.toBe(host('named.tar.gz'));
  });
});

describe('two bundles', () => {
  it('are held against each other by meaning, and a bundle against the snapshot of a healthy day', async () => {
    const healthy = await desk.run(['run', '--sandbox=none', '--no-input', '--json', '--bundle', file('healthy.tar.gz')]);
    expect(healthy.stderr).toContain('oor bundle verify');
    const differ = await desk.run(['bundle', 'diff', file('healthy.tar.gz'), file('x.tar.gz'), '--json']);
    expect(differ.status).toBe(0);
    const found = json(differ) as { causes: { appeared: string[] }; steps: { step: string; change: string; summary: string }[] };
    expect(found.causes.appeared).toContain('tls.expired');
    expect(found.steps.find(({ step }) => step === 'entry_tls')).toMatchObject({
      change: 'worse',
      summary: expect.stringContaining('expired'),
    });
    expect((await desk.run(['bundle', 'diff', file('healthy.tar.gz'), file('x.tar.gz'), '--fail-on', 'warn'])).status).toBe(1);
    const same = await desk.run(['bundle', 'diff', file('x.tar.gz'), file('x.tar.gz')]);
    expect(same.stdout).toContain('nothing that matters differs');
    const snapshot = JSON.parse(
      (await desk.run(['check', '--snapshot', file('day.json')])).status === 0 ? readFileSync(file('day.json'), 'utf8') : '{}',
    );
    snapshot.sections.machine.items.kernel.release = '1.2.3-old';
    writeFileSync(file('day.json'), JSON.stringify(snapshot));
    const since = await desk.run(['bundle', 'diff', file('day.json'), file('x.tar.gz'), '--json']);
    expect(json(since)['changes']).toContainEqual(expect.objectContaining({ section: 'machine', item: 'kernel', change: 'changed' }));
  });

  it('become one, signed and good, with one diagnosis', async () => {
    const merged = await desk.run(['bundle', 'merge', file('healthy.tar.gz'), file('x.tar.gz'), '--out', file('all.tar.gz'), '--json']);
    expect(merged.status).toBe(1);
    const causes = causesOfSite(json(merged) as { causes: { id: string; seen_by: string[] }[] });
    expect(causes[0]).toMatchObject({ id: 'tls.expired' });
    expect(json(await desk.run(['bundle', 'verify', file('all.tar.gz'), '--json']))).toMatchObject({ ok: true, items: 9 });
    const timeline = await desk.run(['bundle', 'extract', file('all.tar.gz'), 'timeline.jsonl']);
    const hosts = new Set(
      timeline.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { host: string }).host),
    );
    expect(hosts.size).toBe(2);
    expect((await desk.run(['bundle', 'analyze', file('all.tar.gz')])).status).toBe(65);
  });

  it('say together what each of them says of its window and of how it ended', async () => {
    const manifestOf = (name: string) =>
      JSON.parse(execFileSync('tar', ['xzOf', file(name), 'manifest.json'], { encoding: 'utf8' })) as {
        window: { since: string; until: string | null };
        [key: string]: unknown;
      };
    expect((await desk.run(['bundle', 'create', session, '--since', '10m', '--until', '1m', '--bundle', file('part.tar.gz')])).status).toBe(
      0,
    );
    const merged = await desk.run(['bundle', 'merge', file('healthy.tar.gz'), file('part.tar.gz'), '--out', file('span.tar.gz')]);
    expect(merged.status).toBe(1);
    const [healthy, part, span] = ['healthy.tar.gz', 'part.tar.gz', 'span.tar.gz'].map(manifestOf) as [
      ReturnType<typeof manifestOf>,
      ReturnType<typeof manifestOf>,
      ReturnType<typeof manifestOf>,
    ];
    expect(span.window).toEqual({ since: [healthy.window.since, part.window.since].sort()[0], until: null });
    expect(span).toMatchObject({ verdict: 'fault', outcome: 'fault-found', exit_code: 1 });
  });

  it('are never looked at in part: what an action does not take is refused', async () => {
    const both = [file('x.tar.gz'), file('healthy.tar.gz')];
    for (const args of [
      ['verify', ...both],
      ['inspect', ...both],
      ['analyze', ...both],
      ['diff', ...both, file('x.tar.gz')],
      ['create', session, 'b'],
    ]) {
      const refused = await desk.run(['bundle', ...args]);
      expect([refused.status, refused.stdout, refused.stderr]).toEqual([2, '', expect.stringContaining('is one argument too many')]);
    }
  });

  it('vouch for nobody by being put together, and one session speaks once', async () => {
    expect((await desk.run(['bundle', 'create', session, '--no-sign', '--out', file('mute.tar.gz')])).status).toBe(0);
    const merged = await desk.run(['bundle', 'merge', file('healthy.tar.gz'), file('mute.tar.gz'), '--out', file('both.tar.gz')]);
    expect(merged.stdout).toMatch(/signed by the key of this machine\n.*NOT SIGNED/);
    const page = execFileSync('tar', ['xzOf', file('both.tar.gz'), 'report.html'], { encoding: 'utf8' });
    expect(page).toMatch(/the key of this machine \(SHA256:[\s\S]*nobody: not signed/);
    const twice = await desk.run(['bundle', 'merge', file('x.tar.gz'), file('mute.tar.gz'), '--out', file('twice.tar.gz')]);
    expect([twice.status, twice.stderr]).toEqual([2, expect.stringContaining('of the same session')]);
  });
});
