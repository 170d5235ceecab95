import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTar } from '../../src/adapters/tar.ts';
import { type Manifest, parseManifest, renderManifest } from '../../src/bundle/manifest.ts';
import type { ArchiveEntry, JournalRecord } from '../../src/ports.ts';
import {
  archives,
  artifact,
  compose,
  finished,
  journalOf,
  LOG,
  NIGHT,
  record,
  records,
  signer,
  text,
  utf8,
  verify,
} from './made-bundle.ts';

let entries: readonly ArchiveEntry[];
let good: Uint8Array;

beforeAll(async () => {
  entries = await compose();
  good = await archives.pack(entries);
});

const named = (name: string): ArchiveEntry => entries.find((entry) => entry.name === name) as ArchiveEntry;

/** The bundle with each entry changed, or left out. */
function packed(change: (name: string, bytes: Uint8Array) => Uint8Array | undefined): Promise<Uint8Array> {
  return archives.pack(
    entries.flatMap(({ name, bytes }) => {
      const changed = change(name, bytes);
      return changed ? [{ name, bytes: changed }] : [];
    }),
  );
}

describe('a bundle that is what it was', () => {
  it('is good, and says whose it is', async () => {
    expect(await verify(good)).toMatchObject({ exitCode: 0, firstBad: null, signedBy: 'the auditor', items: 6 });
  });

  it('is the same bytes when it is made again', async () => {
    expect(Buffer.from(await archives.pack(await compose())).equals(Buffer.from(good))).toBe(true);
  });

  it('has the report first, then what vouches for it', () => {
    expect(entries.map(({ name }) => name)).toEqual([
      'report.html',
      'manifest.json',
      'manifest.json.sig',
      'journal.jsonl',
      'playbook/test.yaml',
      'playbook/part.yaml',
      'artifacts/uptime/01-uptime-p.txt',
      'artifacts/log@web/01-app.log.txt',
    ]);
  });

  it('may hold tables to work through, and a changed one is found', async () => {
    const entries = await compose({ letters: { 'vip-queue.csv': 'place,order_no\r\n1,T-1\r\n' } });
    expect(entries.map(({ name }) => name)).toContain('letters/vip-queue.csv');
    expect(await verify(await archives.pack(entries))).toMatchObject({ exitCode: 0, firstBad: null });
    const changed = entries.map((entry) =>
      entry.name === 'letters/vip-queue.csv' ? { ...entry, bytes: Buffer.from('place\r\n') } : entry,
    );
    expect(await verify(await archives.pack(changed))).toMatchObject({ exitCode: 9, firstBad: 'letters/vip-queue.csv' });
  });

  it('signed by nobody: 10; by a stranger: 11', async () => {
    const unsigned = await archives.pack(await compose({ signer: undefined }));
    expect(await verify(unsigned)).toMatchObject({ exitCode: 10, firstBad: null, signedBy: null });
    expect(await verify(good, { known: new Map() })).toMatchObject({ exitCode: 11, signedBy: expect.stringMatching(/^SHA256:/) });
  });
});

describe('a bundle that is not what it was', () => {
  it.each(['report.html', 'journal.jsonl', 'playbook/test.yaml', 'artifacts/log@web/01-app.log.txt'])(
    'one byte of %s is another',
    async (name) => {
      const bytes = await packed((each, before) => (each === name ? utf8(text(before).replace('o', '0')) : before));
      expect(await verify(bytes)).toMatchObject({ exitCode: 9, firstBad: name });
    },
  );

  it('is told entry by entry when another program packed it again, too', async () => {
    const name = 'artifacts/log@web/01-app.log.txt';
    const altered = writeTar(entries.map((each) => (each.name === name ? { name, bytes: utf8('x') } : each)));
    const header = Buffer.from([
      0x1f,
      0x8b,
      8,
      0x08 | 0x10 | 0x04 | 0x02,
      0,
      0,
      0,
      0,
      0,
      3,
      2,
      0,
      1,
      2,
      ...Buffer.from('a.tar\0note\0'),
      9,
      9,
    ]);
    const repacked = (tar: Uint8Array) => Buffer.concat([header, gzipSync(Buffer.concat([tar, Buffer.alloc(18 * 512)])).subarray(10)]);
    expect(await verify(repacked(altered))).toMatchObject({
      exitCode: 9,
      firstBad: name,
      reason: 'its digest is not the one in the manifest',
    });
    expect(await verify(repacked(writeTar(entries)))).toMatchObject({ exitCode: 0, firstBad: null });
    expect(await verify(header)).toMatchObject({ exitCode: 9, firstBad: 'archive' });
  });

  it('the manifest is another, or the signature is of something else', async () => {
    const manifest = await packed((name, bytes) =>
      name === 'manifest.json' ? utf8(text(bytes).replace('"truncated":false', '"truncated":true')) : bytes,
    );
    expect(await verify(manifest)).toMatchObject({ exitCode: 9, firstBad: 'manifest.json.sig' });
    const none = '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n';
    const swapped = await packed((name, bytes) => (name === 'manifest.json.sig' ? utf8(none) : bytes));
    expect(await verify(swapped)).toMatchObject({ exitCode: 9, firstBad: 'manifest.json.sig' });
  });

  it('an entry is missing, or there is one more', async () => {
    const name = 'artifacts/uptime/01-uptime-p.txt';
    const without = await packed((each, bytes) => (each === name ? undefined : bytes));
    expect(await verify(without)).toMatchObject({ exitCode: 9, firstBad: name, reason: 'it is missing' });
    const more = await archives.pack([...entries, { name: 'artifacts/uptime/02-x.txt', bytes: utf8('x') }]);
    expect(await verify(more)).toMatchObject({
      exitCode: 9,
      firstBad: 'artifacts/uptime/02-x.txt',
      reason: 'the manifest does not know it',
    });
  });

  it('an entry is there twice, or stands elsewhere', async () => {
    const twice = await archives.pack([...entries, named('journal.jsonl')]);
    expect(await verify(twice)).toMatchObject({ exitCode: 9, firstBad: 'journal.jsonl', reason: 'there are two entries of this name' });
    const [report, manifest, signature, journal, ...rest] = entries as [ArchiveEntry, ArchiveEntry, ArchiveEntry, ArchiveEntry];
    const moved = await archives.pack([report, manifest, signature, ...rest, journal]);
    expect(await verify(moved)).toMatchObject({ exitCode: 9, firstBad: 'playbook/test.yaml' });
  });

  it('the chain was cut, or its records stand in another order, by whoever could sign', async () => {
    const cut = journalOf(records.slice(0, -1));
    expect(await verify(await archives.pack(await compose({ journal: cut.bytes })))).toMatchObject({
      exitCode: 9,
      firstBad: 'journal.jsonl',
    });
    const lines = text(journalOf(records).bytes).split('\n').slice(0, -1);
    const turned = utf8(`${[lines[0], lines[2], lines[1], ...lines.slice(3)].join('\n')}\n`);
    const verified = await verify(await archives.pack(await compose({ journal: turned })));
    expect(verified).toMatchObject({ exitCode: 9, firstBad: 'journal.jsonl', reason: expect.stringMatching(/^record 2: /) });
  });

  it('an older state of the session, where the head is known', async () => {
    const { head } = journalOf(records);
    expect(await verify(good, { head })).toMatchObject({ exitCode: 0 });
    const older = await archives.pack(await compose({}, records.slice(0, -1)));
    expect(await verify(older)).toMatchObject({ exitCode: 0 });
    expect(await verify(older, { head })).toMatchObject({ exitCode: 9, firstBad: 'journal.jsonl' });
  });

  it('an artifact that was never captured, by whoever could sign', async () => {
    const log = artifact({ file: '' }, LOG).digest;
    const read = async (digest: string): Promise<string | undefined> => (digest === log ? 'forged\n' : 'up 3 days\n');
    const verified = await verify(await archives.pack(await compose({ evidence: { read } })));
    expect(verified).toMatchObject({ exitCode: 9, firstBad: 'artifacts/log@web/01-app.log.txt' });
  });

  it('an artifact and all that the manifest says of it, by whoever could sign: the journal knows no such capture', async () => {
    const [name, forged] = ['artifacts/uptime/01-uptime-p.txt', utf8('up 9 days\n')];
    const before = archives.sha256(named(name).bytes);
    const manifest = utf8(text(named('manifest.json').bytes).replaceAll(before, archives.sha256(forged)));
    const bytes = await packed((each, old) => {
      if (each === 'manifest.json.sig') return utf8(signer.sign(manifest));
      return each === name ? forged : each === 'manifest.json' ? manifest : old;
    });
    expect(await verify(bytes)).toMatchObject({ exitCode: 9, firstBad: name, reason: 'the journal knows no such capture' });
  });

  describe('signed by nobody, and altered so that every digest fits', () => {
    /** The unsigned bundle, what its manifest says changed. */
    async function claiming(change: (manifest: Mutable) => void, of: Partial<Parameters<typeof compose>[0]> = {}) {
      const unsigned = await compose({ signer: undefined, ...of });
      const manifest = JSON.parse(text(unsigned.find(({ name }) => name === 'manifest.json')?.bytes)) as Mutable;
      change(manifest);
      const bytes = utf8(renderManifest(manifest as unknown as Manifest));
      return await verify(await archives.pack(unsigned.map((each) => (each.name === 'manifest.json' ? { ...each, bytes } : each))));
    }
    interface Mutable {
      entries: { name: string; bytes: number }[];
      items: Record<string, unknown>[];
      [key: string]: unknown;
    }
    const inWindow = async (of: string) => ({ text: of.split('\n').slice(1).join('\n'), left: 1 });
    const narrow = { inWindow, window: { since: NIGHT - 300_000 } };

    it('is good as it is, with and without a narrower window', async () => {
      expect(await claiming(() => undefined)).toMatchObject({ exitCode: 10, firstBad: null });
      expect(await claiming(() => undefined, narrow)).toMatchObject({ exitCode: 10, firstBad: null });
    });

    it('the size of an entry', async () => {
      const bad = { exitCode: 9, firstBad: 'playbook/part.yaml', reason: 'its size is not the one in the manifest' };
      const larger = await claiming(({ entries: all }) => {
        for (const each of all) if (each.name === bad.firstBad) each.bytes += 1;
      });
      expect(larger).toMatchObject(bad);
    });

    it.each([
      ['exit_code', 3],
      ['bytes', 5],
      ['duration_ms', 9],
      ['truncated', true],
      ['at', '2026-03-11T03:00:01.000Z'],
      ['step', 'disk'],
      ['host', 'db'],
      ['command', ['uptime', '-s']],
      ['command', 'uptime -p'],
      ['command', undefined],
    ])('what it says of an item: %s %j', async (key, value) => {
      const changed = await claiming(({ items }) => Object.assign(items.find(({ step }) => step === 'uptime') ?? {}, { [key]: value }));
      expect(changed).toMatchObject({ exitCode: 9, firstBad: 'artifacts/uptime/01-uptime-p.txt' });
    });

    it('lines outside of a window, where none are left out, or none can be', async () => {
      const log = 'artifacts/log@web/01-app.log.txt';
      const all =
        (left: unknown) =>
        ({ items }: Mutable) => {
          for (const item of items) if (item['step'] !== 'uptime') item['outside_window'] = left;
        };
      expect(await claiming(all(2))).toMatchObject({ exitCode: 9, firstBad: log });
      const forged = {
        evidence: { read: async (digest: string) => (digest === artifact({ file: '' }, LOG).digest ? 'forged\n' : 'up 3 days\n') },
      };
      expect(await claiming(all(2), forged)).toMatchObject({ exitCode: 9, firstBad: log, reason: 'it is not what was captured' });
      const logs = { exitCode: 9, firstBad: 'artifacts/logs/01-app.log.txt' };
      const widened = ({ window }: Mutable) => void Object.assign(window as object, { since: new Date(NIGHT - 1_800_000).toISOString() });
      expect(await claiming(widened, narrow)).toMatchObject(logs);
      const claimingLeft =
        (left: unknown) =>
        ({ items }: Mutable) => {
          for (const item of items) if (item['step'] === 'logs') item['outside_window'] = left;
        };
      for (const left of [0, -1, 0.5, '1', undefined]) expect(await claiming(claimingLeft(left), narrow)).toMatchObject(logs);
    });

    it.each([
      ['verdict', 'healthy'],
      ['exit_code', 0],
      ['host', 'db'],
      ['session', 'another'],
      ['started_at', '2026-03-11T02:00:00.000Z'],
      ['playbook', { id: 'test', sha256: '11' }],
    ])('what it says of the session: %s', async (key, value) => {
      const changed = await claiming((manifest) => {
        manifest[key] = value;
      });
      expect(changed).toMatchObject({ exitCode: 9, firstBad: 'manifest.json', reason: `its ${key} is not the one in journal.jsonl` });
    });

    it('does not tell of what was captured', async () => {
      const hidden = await claiming((manifest) => {
        manifest.items = manifest.items.filter(({ step }) => step !== 'uptime');
      });
      expect(hidden).toMatchObject({ exitCode: 9, firstBad: 'manifest.json', reason: expect.stringContaining('uptime -p') });
    });

    it('the report is not the first, or what vouches for it is not next', async () => {
      const [report, manifest, ...rest] = (await compose({ signer: undefined })) as [ArchiveEntry, ArchiveEntry, ...ArchiveEntry[]];
      expect(await verify(await archives.pack([manifest, report, ...rest]))).toMatchObject({ exitCode: 9, firstBad: 'manifest.json' });
      expect(await verify(await archives.pack([report, ...rest, manifest]))).toMatchObject({ exitCode: 9, firstBad: 'journal.jsonl' });
    });
  });

  it('it ends early, wherever that is; of what has no manifest any more nobody says that it is good', async () => {
    for (let length = 0; length < good.length; length += 7) expect([9, 65]).toContain((await verify(good.subarray(0, length))).exitCode);
    expect(await verify(good.subarray(0, 2_000))).toMatchObject({ exitCode: 9 });
    expect(await verify(good.subarray(0, good.length - 1))).toMatchObject({ exitCode: 9 });
  });

  it('a bit is another, wherever that is: it is found, or it is one that the content does not depend on', async () => {
    let found = 0;
    for (let at = 0; at < good.length; at++) {
      const bytes = Uint8Array.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      if ((await verify(bytes)).exitCode !== 0) found += 1;
      else
        expect((await archives.unpack(bytes)).entries, `byte ${at}`).toEqual(
          entries.map((entry) => ({ ...entry, bytes: Buffer.from(entry.bytes) })),
        );
    }
    expect(found).toBeGreaterThan(good.length * 0.95);
  });

  it('there is something behind its end', async () => {
    expect(await verify(Buffer.concat([good, utf8('x')]))).toMatchObject({ exitCode: 9 });
    expect(await verify(Buffer.concat([good, gzipSync('x')]))).toMatchObject({ exitCode: 9 });
    const tar = Buffer.concat([gunzipSync(good), writeTar([{ name: 'report.html', bytes: utf8('x') }])]);
    expect(await verify(gzipSync(tar))).toMatchObject({ exitCode: 9 });
  });

  it('of a version that is not known: 65, and it says so', async () => {
    const newer = await packed((name, bytes) => {
      if (name === 'manifest.json.sig') return undefined;
      return name === 'manifest.json' ? utf8(text(bytes).replace('"schema_version": 1', '"schema_version": 2')) : bytes;
    });
    expect(await verify(newer)).toMatchObject({ exitCode: 65, reason: expect.stringContaining('version 2') });
  });

  it('no bundle at all: 65', async () => {
    expect(await verify(utf8('hello'))).toMatchObject({ exitCode: 65 });
    expect(await verify(gzipSync('hello'))).toMatchObject({ exitCode: 65 });
    expect(await verify(await archives.pack([{ name: 'report.html', bytes: utf8('x') }]))).toMatchObject({ exitCode: 65 });
  });
});

interface ReadManifest {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly not_collected: readonly Readonly<Record<string, unknown>>[];
}

const manifestOf = (of: readonly ArchiveEntry[]): ReadManifest =>
  JSON.parse(text(of.find(({ name }) => name === 'manifest.json')?.bytes)) as ReadManifest;

describe('the manifest', () => {
  it('names for each source a file of its own, though two said the same; one for a source that said it twice', async () => {
    const silent = (source: { argv: readonly string[] }) => artifact(source, LOG, { exit_code: 0 });
    const said = [silent({ argv: ['nft', 'list'] }), silent({ argv: ['smartctl', '--scan'] }), silent({ argv: ['nft', 'list'] })];
    const of = [...records.slice(0, 4), record('evidence.collected', { artifacts: said }), ...records.slice(5)];
    const manifest = (await compose({}, of)).find(({ name }) => name === 'manifest.json');
    const { items } = JSON.parse(text(manifest?.bytes)) as { items: { command?: string[]; entry: string }[] };
    const entryOf = (program: string): string[] => items.flatMap(({ command, entry }) => (command?.[0] === program ? [entry] : []));
    expect(entryOf('nft')).toEqual(['artifacts/logs/01-nft-list.txt', 'artifacts/logs/01-nft-list.txt']);
    expect(entryOf('smartctl')).toEqual(['artifacts/logs/02-smartctl-scan.txt']);
  });

  it('tells of each item where it came from', () => {
    expect(manifestOf(entries).items.find(({ step }) => step === 'uptime')).toMatchObject({
      command: ['uptime', '-p'],
      exit_code: 0,
      at: new Date(NIGHT).toISOString(),
      duration_ms: 4,
      truncated: false,
      redactions: [{ rule: 'pan', count: 2 }],
    });
    expect(manifestOf(entries)).toMatchObject({ redactions: [{ rule: 'pan', count: 2 }], verdict: 'fault', journal: { records: 6 } });
  });

  it('tells what is missing, why, and what would bring it', () => {
    expect(manifestOf(entries).not_collected).toEqual([
      {
        step: 'disk',
        what: 'smartctl -a',
        collected: 'not-installed',
        why: 'smartctl: not found',
        unlock: 'apt-get install smartmontools',
      },
      { step: 'disk', what: 'the step', collected: 'no-permission', why: 'no-permission', unlock: 'run as root' },
    ]);
  });

  it('advises nothing where the check could tell without it', async () => {
    const gone = artifact({ file: '/.dockerenv' }, '', { collected: 'not-found', why: 'no such file', unlock: 'correct the path' });
    const adviceOf = async (step: JournalRecord): Promise<unknown> => {
      const manifest = manifestOf(await compose({}, [...records.slice(0, 3), step, ...records.slice(4)]));
      return manifest.not_collected.find(({ what }) => what === '/.dockerenv')?.['unlock'];
    };
    expect(await adviceOf(finished('disk', 'ok', [gone]))).toBeUndefined();
    expect(await adviceOf(finished('disk', 'unknown', [gone]))).toBe('correct the path');
  });

  it('leaves out what there is no room for, the fault last, and says so', async () => {
    const tight = await compose({ maxBytes: LOG.length });
    expect(tight.map(({ name }) => name)).toContain('artifacts/log@web/01-app.log.txt');
    const said = { step: 'uptime', collected: 'over-cap', unlock: 'a larger --max-size' };
    expect(manifestOf(tight).not_collected).toContainEqual(expect.objectContaining(said));
  });

  it('keeps the lines of the window, and is good all the same', async () => {
    const inWindow = async (of: string): Promise<{ text: string; left: number }> => ({ text: of.split('\n').slice(1).join('\n'), left: 1 });
    const narrow = await compose({ inWindow, window: { since: NIGHT - 300_000 } });
    const kept = narrow.find(({ name }) => name.startsWith('artifacts/logs/'));
    expect(text(kept?.bytes)).toBe('2026-03-11T02:58:00Z timeout of the bank\n');
    expect(await verify(await archives.pack(narrow))).toMatchObject({ exitCode: 0 });
    const empty = await compose({ inWindow: async () => ({ text: '', left: 2 }) });
    expect(manifestOf(empty).not_collected).toContainEqual(expect.objectContaining({ step: 'logs', collected: 'out-of-window' }));
  });

  it('tells of a capture that is no longer there', async () => {
    const lost = await compose({ evidence: { read: async () => undefined } });
    expect(manifestOf(lost).not_collected).toContainEqual(expect.objectContaining({ step: 'uptime', collected: 'failed' }));
  });
});

describe('a merged bundle', () => {
  /** Sealed by nobody, so that the seals of its hosts are all there is. */
  function mergedWith(signature: Uint8Array): Promise<Uint8Array> {
    const members = ['journal.jsonl', 'manifest.json', 'manifest.json.sig'].map((name) => ({
      name: `hosts/gw/${name}`,
      bytes: name === 'manifest.json.sig' ? signature : named(name).bytes,
    }));
    const own = [{ name: 'report.html', bytes: utf8('<p>') }, ...members];
    const listed = own.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: archives.sha256(bytes) }));
    const of = parseManifest(text(named('manifest.json').bytes)) as Manifest;
    const manifest = utf8(renderManifest({ ...of, kind: 'oor-merged-bundle', entries: listed, items: [] }));
    const [first, ...rest] = own as [ArchiveEntry, ...ArchiveEntry[]];
    return archives.pack([first, { name: 'manifest.json', bytes: manifest }, ...rest]);
  }

  it('holds the seal that each host brought, and no other', async () => {
    expect(await verify(await mergedWith(named('manifest.json.sig').bytes))).toMatchObject({ exitCode: 10, firstBad: null });
    const other = utf8(signer.sign(utf8('another manifest')));
    expect(await verify(await mergedWith(other))).toMatchObject({ exitCode: 9, firstBad: 'hosts/gw/manifest.json.sig' });
  });
});
