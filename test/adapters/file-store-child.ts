import { writeSync } from 'node:fs';
import { createFileStore } from '../../src/adapters/file-store.ts';

/** Appends until it is killed, and says on stdout which records are durable. Run by file-store.test.ts. */
const [stateDir = '', sessionId = '', mode = 'create'] = process.argv.slice(2);
const store = createFileStore({ stateDir });
const journal = mode === 'create' ? await store.create(sessionId) : (await store.open(sessionId)).journal;
for (let n = 1; ; n++) {
  await journal.append({
    ts: new Date().toISOString(),
    mono_ms: performance.now(),
    actor: 'child',
    type: 'tick',
    data: { n, filler: 'x'.repeat((n * 97) % 3000) },
  });
  writeSync(1, `${n}\n`);
}
