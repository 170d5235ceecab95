import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSignature, signMessage } from '../../src/adapters/ssh-signature.ts';
import { passGate, scanOptions } from '../../src/bundle/gate.ts';
import { withholdLines } from '../../src/bundle/second-look.ts';
import type { ArchiveEntry } from '../../src/ports.ts';
import { createRedactor } from '../../src/redact/index.ts';
import { findSensitive } from '../../src/scan/index.ts';
import { archives, artifact, compose, LOG, record, records, scan, text, utf8 } from './made-bundle.ts';

const PLAYBOOKS = new URL('../../playbooks/', import.meta.url);
const PAN = '4111111111111111';
const pass = async (entries: readonly ArchiveEntry[], literals: readonly string[] = []): Promise<void> =>
  await passGate({ archives, seals: { readSignature }, scan: scanOptions(archives, literals) }, await archives.pack(entries));

describe('the export gate', () => {
  it('lets through what nothing is found in', async () => {
    await expect(pass(await compose())).resolves.toBeUndefined();
  });

  it.each(['report.html', 'manifest.json', 'journal.jsonl', 'playbook/test.yaml', 'artifacts/uptime/01-uptime-p.txt'])(
    'refuses a card number in %s, names the place and never the number',
    async (name) => {
      const entries = (await compose()).map((entry) => (entry.name === name ? { name, bytes: utf8(`x\npan ${PAN} x`) } : entry));
      const refused = pass(entries);
      await expect(refused).rejects.toMatchObject({ exitCode: 8, message: expect.stringContaining(`${name}:2: pan`) });
      await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining(PAN) });
    },
  );

  it('refuses one in a name, and does not repeat the name', async () => {
    const refused = pass([...(await compose()), { name: `artifacts/web/${PAN}.txt`, bytes: utf8(`pan ${PAN}`) }]);
    await expect(refused).rejects.toMatchObject({ exitCode: 8, message: expect.stringContaining('(name): pan') });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining(PAN) });
  });

  it('takes no count of what was removed for what was removed, however many they are', async () => {
    const kinds = ['cvv', 'pin', 'otp', 'token', 'password', 'pin-block', 'track2', 'api-key'];
    const redactions = kinds.flatMap((rule) => [120, 4_711, 73_117].map((count) => ({ rule, count })));
    const captured = artifact({ file: '/var/log/app.log' }, LOG, { redactions });
    const counted = record('evidence.collected', { artifacts: [captured] });
    expect(createRedactor().json(counted)).toEqual({ value: counted, counts: {} });
    await expect(pass(await compose({}, [...records.slice(0, 4), counted, ...records.slice(5)]))).resolves.toBeUndefined();
  });

  it('refuses a secret of the site, in whatever text', async () => {
    const entries = [...(await compose()), { name: 'artifacts/web/01-x.txt', bytes: utf8('login as correct-horse then') }];
    await expect(pass(entries)).resolves.toBeUndefined();
    await expect(pass(entries, ['correct-horse'])).rejects.toMatchObject({ exitCode: 8, message: expect.stringContaining('literal') });
  });

  it('would find nothing in a playbook that the program ships', () => {
    const files = readdirSync(PLAYBOOKS).filter((name) => name.endsWith('.yaml'));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const playbook = readFileSync(new URL(file, PLAYBOOKS), 'utf8');
      expect(findSensitive(file, utf8(playbook), scan)).toEqual([]);
      expect(createRedactor().json({ playbook })).toEqual({ value: { playbook }, counts: {} });
    }
  });

  it('does not search a playbook that the program ships, and all that stands beside it', async () => {
    const shipped = `oor: 1\nid: shipped\n# 银行 "correct-horse" ${PAN}\n`;
    const written = JSON.stringify({ playbook: { text: shipped }, note: 'NOTE' });
    const bundle = (file: string, journal: string): readonly ArchiveEntry[] => [
      { name: 'playbook/shipped.yaml', bytes: utf8(file) },
      { name: 'hosts/gw/journal.jsonl', bytes: utf8(`{}\n${journal}\n`) },
    ];
    const gate = async (entries: readonly ArchiveEntry[]): Promise<void> => {
      const scanned = scanOptions(archives, ['correct-horse']);
      await passGate({ archives, seals: { readSignature }, scan: scanned, shipped: ['', shipped] }, await archives.pack(entries));
    };
    await expect(gate(bundle(shipped, written))).resolves.toBeUndefined();
    await expect(pass(bundle(shipped, written))).rejects.toMatchObject({ exitCode: 8 });
    // One letter more, and it is somebody's own.
    await expect(gate(bundle(shipped.replace('shipped', 'mine'), written))).rejects.toMatchObject({
      message: expect.stringContaining('playbook/shipped.yaml:3: pan'),
    });
    await expect(gate(bundle(`${shipped}pan ${PAN}\n`, written))).rejects.toMatchObject({
      message: expect.stringContaining('playbook/shipped.yaml'),
    });
    await expect(gate(bundle(shipped, written.replace('NOTE', `pan ${PAN}`)))).rejects.toMatchObject({
      message: expect.stringContaining('journal.jsonl:2: pan'),
    });
    await expect(gate(bundle(shipped, `{"pan":"${PAN}"}\n${written}`))).rejects.toMatchObject({
      message: expect.stringContaining('journal.jsonl:2: pan'),
    });
  });

  it('does not take a digest that it computes anew for a number; another one it does', async () => {
    // By chance the digest of this text has a card number in it.
    const unlucky = { name: 'artifacts/web/01-x.txt', bytes: utf8('x1699765') };
    const digest = archives.sha256(unlucky.bytes);
    const told = { name: 'artifacts/web/02-y.txt', bytes: utf8(`{"sha256":"${digest}"}\n`) };
    await expect(pass([unlucky, told])).resolves.toBeUndefined();
    await expect(pass([told])).rejects.toMatchObject({ exitCode: 8 });
  });

  it('does not take a signature that is right for a number; another one it does', async () => {
    const key = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
      format: 'der',
      type: 'pkcs8',
    });
    // By chance there is a card number in the base64 of this one.
    const manifest = utf8('manifest 16879');
    const signature = { name: 'manifest.json.sig', bytes: utf8(signMessage(manifest, key)) };
    await expect(pass([{ name: 'manifest.json', bytes: manifest }, signature])).resolves.toBeUndefined();
    await expect(pass([{ name: 'manifest.json', bytes: utf8('another') }, signature])).rejects.toMatchObject({ exitCode: 8 });
    const more = {
      ...signature,
      bytes: utf8(text(signature.bytes).replace('-----END', `${Buffer.from(PAN).toString('base64')}\n-----END`)),
    };
    await expect(pass([{ name: 'manifest.json', bytes: manifest }, more])).rejects.toMatchObject({ exitCode: 8 });
  });
});

describe('the second look at an artifact', () => {
  const look = (value: string) => withholdLines(value, scan, async () => undefined);

  it('leaves out the line, and only that', async () => {
    expect(await look(`one\ncard ${PAN}\n\nthree\n`)).toEqual({
      text: 'one\n[left out: it may hold pan]\n\nthree\n',
      withheld: 1,
    });
    expect(await look('one\ntwo\n')).toEqual({ text: 'one\ntwo\n', withheld: 0 });
  });

  it('leaves out both lines of a number that goes on in the next', async () => {
    const looked = await look('one\n41111111\n11111111\nfour\n');
    expect(looked?.text).not.toMatch(/1111/);
    expect(looked?.text).toContain('four');
  });

  it('withholds the whole where the place is in no line, or there are too many', async () => {
    expect(await look(`card ${PAN}\n`.repeat(300))).toBeUndefined();
  });

  it('tells of lines that were left out when it was captured in the manifest', async () => {
    const captured = artifact({ file: '/var/log/app.log' }, LOG, { withheld_lines: 2 });
    const entries = await compose({}, [
      ...records.slice(0, 4),
      record('evidence.collected', { artifacts: [captured] }),
      ...records.slice(5),
    ]);
    expect(text(entries.find(({ name }) => name === 'manifest.json')?.bytes)).toContain('"withheld_lines":2');
  });
});
