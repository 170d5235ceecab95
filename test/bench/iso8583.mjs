// Messages a second on one core: a 0200 of 15 fields decoded (dialect and framing known), encoded, and sniffed (nothing known).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const AIM = 200_000;
const ROUNDS = 7;
const ROUND_MS = 400;
const root = fileURLToPath(new URL('../..', import.meta.url));
const dir = mkdtempSync(join(root, 'dist', 'bench-'));
try {
  const { codecsOf, decodeMessage, encodeMessage, parseFraming, sniff } = await bundleCodec();
  const framing = parseFraming('len2-binary');
  const rows = [];
  for (const id of ['iso87-ascii', 'iso87-binary', 'iso93', 'unionpay-pos']) {
    const [codec] = codecsOf(id);
    const message = { mti: id === 'iso93' ? '1200' : '0200', bitmaps: 1, envelope: {}, fields: fieldsFor(id) };
    const bytes = encodeMessage(message, codec, framing);
    const { problems } = decodeMessage(bytes, codec, framing);
    if (problems.length > 0) throw new Error(`${id}: ${JSON.stringify(problems)}`);
    rows.push([
      id,
      bytes.length,
      measure(() => decodeMessage(bytes, codec, framing)),
      measure(() => encodeMessage(message, codec, framing)),
      measure(() => sniff(bytes)),
    ]);
  }
  console.log('dialect         bytes    decoded/s    encoded/s    sniffed/s   (best of 7)');
  for (const [id, size, ...rates] of rows)
    console.log(`${id.padEnd(14)} ${String(size).padStart(6)} ${rates.map((rate) => String(Math.round(rate)).padStart(12)).join(' ')}`);
  const slowest = Math.min(...rows.map(([, , decoded]) => decoded));
  console.log(`aim: ${AIM} decoded/s in every dialect; ${slowest >= AIM ? 'held' : 'MISSED'}`);
  process.exitCode = slowest >= AIM ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

/** Built as it ships: what is measured is the bundled code. */
async function bundleCodec() {
  const entry = join(dir, 'entry.ts');
  const from = (file) => JSON.stringify(join(root, 'src/payments/iso8583', file));
  writeFileSync(
    entry,
    `export { codecsOf } from ${from('dialects.ts')}; export { decodeMessage, encodeMessage } from ${from('decode.ts')};
     export { parseFraming } from ${from('framing.ts')}; export { sniff } from ${from('sniff.ts')};`,
  );
  const outfile = join(dir, 'codec.mjs');
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' });
  return await import(pathToFileURL(outfile).href);
}

function fieldsFor(id) {
  const fields = new Map([
    [2, '4111111111111111'],
    [3, '000000'],
    [4, '000000012345'],
    [11, '123456'],
    [12, id === 'iso93' ? '260131235959' : '235959'],
    [13, id === 'iso93' ? '2601' : '0131'],
    [14, '2812'],
    [22, id === 'iso93' ? '510101513344' : '051'],
    [25, id === 'iso93' ? '1510' : '00'],
    [35, '4111111111111111D28122011234567890'],
    [37, '600112345678'],
    [41, 'TERM0001'],
    [42, 'MERCHANT0000001'],
    [49, '840'],
    [60, id === 'unionpay-pos' ? '22000001000500' : 'terminal batch 000001'],
  ]);
  return fields;
}

function measure(work) {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < ROUND_MS) {
      for (let index = 0; index < 200; index++) work();
      count += 200;
    }
    best = Math.max(best, (count / (performance.now() - start)) * 1000);
  }
  return best;
}
