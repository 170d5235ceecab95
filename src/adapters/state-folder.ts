/** What is kept from one run to the next, in the folder that a flag names or else in the usual one; each is loaded when it is used. */
import type { Pacer } from '../ports.ts';

export interface StateFolderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

export function createStateFolder(options: StateFolderOptions) {
  const at = async (stateDir: string | undefined): Promise<string> =>
    stateDir ?? (await import('./file-state-dir.ts')).stateDirectory(options);
  return {
    store: async (stateDir: string | undefined) => {
      const { createFileStore } = await import('./file-store.ts');
      return createFileStore({ stateDir: await at(stateDir) });
    },
    statusMemory: async (stateDir: string | undefined) => {
      const { createStatusMemory } = await import('./file-status-memory.ts');
      return createStatusMemory({ stateDir: await at(stateDir) });
    },
    drillScores: async (stateDir: string | undefined) => {
      const { createDrillScores } = await import('./file-drill-scores.ts');
      return createDrillScores(await at(stateDir));
    },
    seals: async (stateDir: string | undefined) => {
      const { createSeals } = await import('./seals.ts');
      return createSeals({ stateDir: await at(stateDir) });
    },
    pseudonym: async (incident: string | undefined, stateDir: string | undefined) => {
      const { createPseudonym, incidentKey, randomKey } = await import('./pseudonym-key.ts');
      return createPseudonym(incident === undefined ? randomKey() : await incidentKey(await at(stateDir), incident));
    },
    pacer: (stateDir: string | undefined): Pacer => ({
      take: async (what, everyMs) => {
        const { createFilePacer } = await import('./file-pacer.ts');
        return createFilePacer({ stateDir: await at(stateDir), now: Date.now }).take(what, everyMs);
      },
    }),
  };
}
