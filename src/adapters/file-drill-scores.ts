/** What was scored in drills, newest last, in one file of the state folder that is replaced in one step. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillRecord, DrillScores } from '../ports.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { makeSafeDirectory } from './file-state-dir.ts';

const KEPT = 1000;

export function createDrillScores(stateDir: string): DrillScores {
  const file = join(stateDir, 'drill-scores.json');
  const read = async (): Promise<readonly DrillRecord[]> => {
    try {
      const { scores } = JSON.parse(await readFile(file, 'utf8')) as { readonly scores?: unknown };
      return Array.isArray(scores) ? scores.filter(isRecord) : [];
    } catch {
      return [];
    }
  };
  return {
    read,
    async add(record) {
      await makeSafeDirectory(stateDir);
      const scores = [...(await read()), record].slice(-KEPT);
      await writeFileAtomically(file, `${JSON.stringify({ scores })}\n`, 0o600);
    },
  };
}

function isRecord(value: unknown): value is DrillRecord {
  const { drill, at, score } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof drill === 'string' && typeof at === 'string' && typeof score === 'number';
}
