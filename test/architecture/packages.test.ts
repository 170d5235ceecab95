import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Package {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Readonly<Record<string, string>>>;
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Readonly<Record<string, Package>> };

describe('the packages', () => {
  it('are pinned to exact versions', () => {
    const all = { ...manifest.devDependencies, ...manifest.optionalDependencies };
    const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-r\.\d+)?$/.test(version));
    expect(loose).toEqual([]);
  });

  it('are all bundled but the database of reconciliation, without which everything else works', () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.optionalDependencies ?? {})).toEqual(['@duckdb/node-api']);
    expect(manifest.peerDependencies).toBeUndefined();
  });

  it('are locked without the host they came from', () => {
    expect(Object.keys(packages).filter((path) => packages[path]?.resolved !== undefined)).toEqual([]);
  });

  // npm leaves out what it could not fetch when the lock file was written, and then `npm ci` fails everywhere.
  it('are locked for every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );
    expect(missing).toEqual([]);
  });
});

/** From the folder of the package upwards, as Node looks packages up. */
function isLocked(from: string, name: string): boolean {
  const here = from === '' ? '' : `${from}/`;
  if (`${here}node_modules/${name}` in packages) return true;
  return from !== '' && isLocked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}
