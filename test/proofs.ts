/**
 * What the checks were seen to say while the tests ran. A check owes a proof of ok, of its worst status and of unknown: on a real part
 * where a machine can make one, else on facts written after the tool's own format. The count is of tests that passed.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { TestProject } from 'vitest/node';
import { checkIds } from '../src/checks/index.ts';
import { findGaps, readProof, type Seen, summarise } from './checks/proof-rules.ts';

export function setup(project: TestProject): () => Promise<void> {
  return async () => {
    const modules = project.vitest.state.getTestModules();
    const seen: Seen[] = modules.flatMap((module) => {
      const file = relative(project.config.root, module.moduleId);
      return [...module.children.allTests()].map((test) => ({
        file,
        state: test.result().state,
        proofs: (test.meta().proofs ?? []).map(readProof),
      }));
    });
    const report = process.env['OOR_PROOFS'];
    if (report) writeFileSync(report, summarise(checkIds, seen));
    const { testFiles } = await project.globTestFiles();
    // A part of the tests proves a part of the checks.
    if (modules.length < testFiles.length || project.config.testNamePattern !== undefined) return;
    const gaps = findGaps(checkIds, seen);
    if (gaps.length === 0) return;
    process.stderr.write(`\nnot proved by any test:\n${gaps.map((gap) => `  ${gap}\n`).join('')}`);
    process.exitCode = 1;
  };
}
