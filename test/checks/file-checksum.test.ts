import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileChecksum, parseManifest } from '../../src/checks/file-checksum.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { realContext } from './real-context.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const NOTHING_BESIDE = { '/opt': [], '/opt/lib': [] };
const MANIFEST = `${A}  paygw.py\n${B} *lib/iso8583.py\n`;

describe('file.checksum', () => {
  it.each([
    ['intact', { '/opt/paygw.py': A, '/opt/lib/iso8583.py': B }, 'ok', 'intact'],
    ['altered', { '/opt/paygw.py': A, '/opt/lib/iso8583.py': A }, 'fail', 'altered'],
    ['missing', { '/opt/paygw.py': A, '/opt/lib/iso8583.py': null }, 'fail', 'missing'],
    ['unreadable', { '/opt/paygw.py': A, '/opt/lib/iso8583.py': new HostError('no-permission', 'x') }, 'unknown', 'unreadable'],
    [
      'an altered one counts more than an unreadable one',
      { '/opt/paygw.py': B, '/opt/lib/iso8583.py': new HostError('no-permission', 'x') },
      'fail',
      'altered',
    ],
  ] as const)('%s', async (_name, hashes, status, code) => {
    const context = fakeHost({ files: { '/opt/MANIFEST.sha256': MANIFEST }, lists: NOTHING_BESIDE, hashes });
    expect((await probeAndJudge(fileChecksum, context, { manifest: '/opt/MANIFEST.sha256' })).judgement).toMatchObject({ status, code });
  });

  it('names what it could not read', async () => {
    const context = fakeHost({
      files: { '/opt/MANIFEST.sha256': MANIFEST },
      hashes: { '/opt/paygw.py': A, '/opt/lib/iso8583.py': new HostError('no-permission', 'x') },
    });
    expect((await probeAndJudge(fileChecksum, context, { manifest: '/opt/MANIFEST.sha256' })).judgement.data).toMatchObject({
      names: '/opt/lib/iso8583.py',
      count: 1,
    });
  });

  it('names what differs', async () => {
    const context = fakeHost({
      files: { '/opt/MANIFEST.sha256': MANIFEST },
      lists: NOTHING_BESIDE,
      hashes: { '/opt/paygw.py': B, '/opt/lib/iso8583.py': B },
    });
    const { facts, judgement } = await probeAndJudge(fileChecksum, context, { manifest: '/opt/MANIFEST.sha256' });
    expect(facts).toMatchObject({ checked: 2, altered: ['/opt/paygw.py'], alteredCount: 1 });
    expect(judgement.data).toMatchObject({ names: '/opt/paygw.py' });
  });

  it('finds a good copy beside a damaged file', async () => {
    const context = fakeHost({
      files: { '/opt/MANIFEST.sha256': MANIFEST },
      lists: { '/opt/lib': ['iso8583.py', '.prev', 'iso8583.py.bad'] },
      stats: { '/opt/lib/.prev': {}, '/opt/lib/iso8583.py.bad': {} },
      hashes: { '/opt/paygw.py': A, '/opt/lib/iso8583.py': A, '/opt/lib/.prev': B, '/opt/lib/iso8583.py.bad': A },
    });
    const { facts } = await probeAndJudge(fileChecksum, context, { manifest: '/opt/MANIFEST.sha256' });
    expect(facts).toMatchObject({ copies: [{ path: '/opt/lib/iso8583.py', copy: '/opt/lib/.prev' }] });
  });

  it('one file and its sum; no manifest; an empty one', async () => {
    expect(
      (await probeAndJudge(fileChecksum, fakeHost({ hashes: { '/bin/x': A } }), { file: '/bin/x', sha256: A.toUpperCase() })).judgement
        .code,
    ).toBe('intact');
    expect((await probeAndJudge(fileChecksum, fakeHost({ files: { '/m': null } }), { manifest: '/m' })).judgement).toMatchObject({
      status: 'warn',
      code: 'no-manifest',
    });
    expect((await probeAndJudge(fileChecksum, fakeHost({ files: { '/m': '# nothing\n' } }), { manifest: '/m' })).judgement).toMatchObject({
      status: 'warn',
      code: 'empty',
    });
  });

  it('refuses half a question', () => {
    expect(problemsOf(fileChecksum, { file: '/x' })).toHaveLength(1);
    expect(problemsOf(fileChecksum, { manifest: '/m', file: '/x', sha256: A })).toHaveLength(1);
    expect(problemsOf(fileChecksum, { file: '/x', sha256: 'abc' })).toHaveLength(1);
  });

  it('reads the ways in which manifests are written', () => {
    const text = `${A}  a b.txt\r\nSHA256 (/abs/c) = ${B}\n\\${A}  new\\nline\\\\\n${A}  ./d\nbroken line\n\n`;
    expect(parseManifest(text, '/opt')).toEqual({
      entries: [
        { path: '/opt/a b.txt', sum: A },
        { path: '/abs/c', sum: B },
        { path: '/opt/new\nline\\', sum: A },
        { path: '/opt/d', sum: A },
      ],
      badLines: 1,
    });
  });
});

describe('file.checksum on real files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oor-sum-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('sees a truncated and a removed file', async () => {
    const names = ['one.py', 'two.py'];
    for (const name of names) writeFileSync(join(folder, name), name.repeat(5_000));
    const manifest = join(folder, 'MANIFEST.sha256');
    writeFileSync(manifest, names.map((name) => `${createHash('sha256').update(name.repeat(5_000)).digest('hex')}  ${name}\n`).join(''));
    const code = async () => (await probeAndJudge(fileChecksum, realContext(), { manifest })).judgement.code;
    expect(await code()).toBe('intact');
    unlinkSync(join(folder, 'two.py'));
    expect(await code()).toBe('missing');
    truncateSync(join(folder, 'one.py'), 900);
    expect(await code()).toBe('altered');
  });
});
