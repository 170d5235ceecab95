#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/main.js', import.meta.url);
// Stands when the event loop runs dry before main has answered.
process.exitCode = 70;
if (existsSync(entry)) {
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('oor is not built in this checkout. Run: npm start (sets up, then runs the sandbox) or npm run build\n');
}
