import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTimeLimit } from '../../src/adapters/time-limit.ts';
import { loadChecks } from '../../src/checks/index.ts';
import { createCompiler } from '../../src/playbook/expr.ts';
import type { CreateCompiler } from '../../src/playbook/expr-scope.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import { checkSteps, type Prepared, type ReopenOptions, reopenPlaybook } from '../../src/playbook/prepared.ts';
import { provePlaybook } from '../../src/playbook/prove.ts';

const file = 'payment-gateway.yaml';
const read = (name: string): string => readFileSync(new URL(`../../playbooks/${name}`, import.meta.url), 'utf8');
const text = read(file);
const registry = await loadChecks();
const timeLimit = createTimeLimit();
const sha256 = (input: string): string => createHash('sha256').update(input).digest('hex');
const include = (name: string) => ({ file: `${name}.yaml`, text: read(`${name}.yaml`) });
const source = { file, text, registry, timeLimit, sha256, include };

const parsed = parsePlaybook(source);
if (!parsed.ok) throw new Error('the shipped playbook has errors');
const prepared = prove(source);
const parts = new Map((parsed.playbook.included ?? []).map((part) => [part.file, prove({ ...source, ...part })]));

/** As it comes out of the file that the build writes. */
function prove(proved: Pick<typeof source, 'file' | 'text'>): Prepared {
  const proof = provePlaybook({ ...source, ...proved });
  if (!proof.ok) throw new Error(`${proved.file} has errors`);
  return JSON.parse(JSON.stringify(proof.prepared)) as Prepared;
}

function reopen(options: Partial<ReopenOptions> = {}) {
  const reopened = reopenPlaybook({
    ...source,
    createCompiler,
    prepared: (part) => (part.file === file ? prepared : parts.get(part.file)),
    ...options,
  });
  if (!reopened) throw new Error('not prepared');
  return reopened;
}

/** Places are not kept. */
function withoutPlaces(playbook: Playbook): string {
  return JSON.stringify(playbook, (key, value) => (key === 'position' ? undefined : value));
}

describe('a playbook that the build has prepared', () => {
  it('is the one that the text gives, with what every expression reads', () => {
    expect(withoutPlaces(reopen().playbook)).toBe(withoutPlaces(parsed.playbook));
  });

  it.each([null, 'docker'])('evaluates as the text would: container %s', (container) => {
    const condition = (playbook: Playbook) => playbook.steps.find(({ id }) => id === 'mains')?.if;
    const [own, other] = [condition(reopen().playbook), condition(parsed.playbook)];
    const identity = { ok: true, warn: false, fail: false, unknown: false, skipped: false, not_applicable: false, code: '', value: null };
    const checks = { identity: { ...identity, out: { container } } };
    expect(own?.evaluate({ checks })).toBe(container === null);
    expect(other?.evaluate({ checks })).toBe(container === null);
  });

  it('asks for the language only when an expression is evaluated, and says how many there may be', () => {
    const never: CreateCompiler = () => () => {
      throw new Error('compiled');
    };
    const { playbook, expressions } = reopen({ createCompiler: never });
    expect(expressions).toBeGreaterThan(100);
    expect(() => playbook.steps.find((step) => step.if)?.if?.evaluate({})).toThrow('compiled');
    expect(reopen({ createCompiler: never, wanted: ({ uses }) => uses === 'cpu.load' }).expressions).toBe(0);
  });

  it('holds nothing but the steps that are wanted', () => {
    const { playbook } = reopen({ wanted: ({ id }) => id === 'disk' });
    expect(playbook.steps.map(({ id }) => id)).toEqual(['disk']);
    expect(playbook.causes).toEqual([]);
    expect(checkSteps(prepared.raw).length).toBeGreaterThan(50);
  });

  it('needs every file of it to be prepared', () => {
    expect(reopenPlaybook({ ...source, createCompiler, prepared: () => undefined })).toBeUndefined();
    const raw = { ...prepared.raw, use: 'other' };
    const other = { file: 'other.yaml', text: '' };
    const halfPrepared = ({ file: asked }: { file: string }) => (asked === file ? { ...prepared, raw } : undefined);
    expect(reopenPlaybook({ ...source, createCompiler, include: () => other, prepared: halfPrepared })).toBeUndefined();
  });
});

describe('what the build proves', () => {
  it('refuses a playbook with an error, and says where', () => {
    const broken = provePlaybook({ ...source, text: text.replace('uses: cpu.load', 'uses: cpu.laod') });
    expect(!broken.ok && broken.problems[0]?.message).toBe('there is no check cpu.laod');
  });
});
