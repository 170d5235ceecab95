import { readFileSync } from 'node:fs';

/** Answers the command line and resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--version') {
    process.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  process.stderr.write('usage: oor --version\n');
  return 2;
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
