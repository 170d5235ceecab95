/** The files of an installed build of the application: fee table, message map, version, and a manifest of their checksums. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Build {
  readonly version: string;
  /** The key of the provider's answer that this build reads the result from. */
  readonly resultKey: string;
}

export const CURRENT_BUILD: Build = { version: '2.4.1', resultKey: 'result' };
/** Older than the provider's present API, which calls the key otherwise. */
export const OLD_BUILD: Build = { version: '2.3.0', resultKey: 'response_code' };

const FILES = ['VERSION', 'fees.json', 'messages.json'] as const;
const MANIFEST = 'MANIFEST.sha256';

export interface Release {
  readonly version: string;
  /** Fee in minor units. Throws when the table is missing or unreadable. */
  fee(amount: number): number;
  /** The result code of a provider's answer. Throws when this build does not understand it. */
  readResult(answer: unknown): string;
}

export function writeBuild(dir: string, build: Build, builtAt: Date): void {
  mkdirSync(dir, { recursive: true });
  const contents: Record<(typeof FILES)[number], string> = {
    VERSION: `${build.version}\n`,
    'fees.json': `${JSON.stringify(
      {
        currency: 'CNY',
        tiers: [
          { up_to: 10_000, basis_points: 60 },
          { up_to: 100_000, basis_points: 45 },
          { up_to: null, basis_points: 30 },
        ],
      },
      null,
      2,
    )}\n`,
    'messages.json': `${JSON.stringify({ answer: { result: build.resultKey }, approved: ['00'] }, null, 2)}\n`,
  };
  const manifest = FILES.map((name) => `${createHash('sha256').update(contents[name]).digest('hex')}  ${name}\n`).join('');
  for (const [name, content] of [...Object.entries(contents), [MANIFEST, manifest] as const]) {
    writeFileSync(join(dir, name), content);
    utimesSync(join(dir, name), builtAt, builtAt);
  }
}

/** Puts the packaged files in place, now or as of then. */
export function installBuild(packageDir: string, dir: string, at = new Date()): void {
  mkdirSync(dir, { recursive: true });
  for (const name of [...FILES, MANIFEST]) {
    copyFileSync(join(packageDir, name), join(dir, name));
    utimesSync(join(dir, name), at, at);
  }
}

/** The version is read once, as a running program knows its own; the tables whenever they change. */
export function openRelease(dir: string): Release {
  const fees = cacheJson<{ tiers: { up_to: number | null; basis_points: number }[] }>(join(dir, 'fees.json'));
  const version = readFileSync(join(dir, 'VERSION'), 'utf8').trim();
  const messages = JSON.parse(readFileSync(join(dir, 'messages.json'), 'utf8')) as { answer: { result: string } };
  return {
    version,
    fee(amount) {
      const tier = fees().tiers.find(({ up_to }) => up_to === null || amount <= up_to);
      if (!tier) throw new Error(`fees.json has no tier for ${amount}`);
      return Math.round((amount * tier.basis_points) / 10_000);
    },
    readResult(answer) {
      const key = messages.answer.result;
      const result = (answer as Record<string, unknown>)[key];
      if (typeof result === 'string') return result;
      throw new Error(`unexpected answer: no field "${key}" in {${Object.keys(answer as object).join(', ')}}, this is build ${version}`);
    },
  };
}

function cacheJson<T>(file: string): () => T {
  let readAt = -1;
  let value: T;
  return () => {
    const changedAt = statSync(file).mtimeMs;
    if (changedAt !== readAt) {
      try {
        value = JSON.parse(readFileSync(file, 'utf8')) as T;
      } catch (error) {
        throw new Error(`${file} is unreadable: ${(error as Error).message}`);
      }
      readAt = changedAt;
    }
    return value;
  };
}
