import { describe, expect, it } from 'vitest';
import { strictObject, v } from '../../src/checks/schema.ts';
import { HostError } from '../../src/errors.ts';
import { createCompiler } from '../../src/playbook/expr.ts';
import type { CompileOptions, Vars } from '../../src/playbook/expr-scope.ts';
import { type Names, ROOTS } from '../../src/playbook/expr-scope.ts';
import type { Expression, Scope } from '../../src/playbook/playbook.ts';
import { registry, timeLimit } from './support.ts';

const names: Names = {
  steps: new Map([
    [
      'tls',
      {
        codes: ['ok', 'expired'],
        facts: strictObject({ days: v.nullable(v.number()), chain: v.array(v.object({ subject: v.string() })), extra: v.unknown() }),
      },
    ],
    ['disk', { codes: ['ok', 'full'] }],
  ]),
  questions: new Map([
    ['symptom', { type: 'string', values: ['rc91', 'rc68'] }],
    ['count', { type: 'double' }],
    ['down', { type: 'bool' }],
  ]),
  inputs: new Map([
    ['port', 'int'],
    ['host', 'string'],
    ['token', 'secret'],
  ]),
  vars: new Set(['log']),
};
const vars: Vars = new Map([['log', ({ inputs }: Partial<Scope>) => `/var/log/${String(inputs?.host)}`]]);
const compile = createCompiler({ names, vars, timeLimit });
const anywhere: CompileOptions = { roots: ROOTS, result: 'any' };

function faults(text: string, options: Partial<CompileOptions> = {}): string[] {
  const result = compile(text, { ...anywhere, ...options });
  return result.ok
    ? []
    : result.problems.map(({ offset, code, message, hint }) => `${offset} ${code}: ${message}${hint ? ` | ${hint}` : ''}`);
}

function compiled(text: string, options: Partial<CompileOptions> = {}): Expression {
  const result = compile(text, { ...anywhere, ...options });
  if (!result.ok) throw new Error(faults(text, options).join('\n'));
  return result.expression;
}

function failure(
  text: string,
  scope: Partial<Scope>,
  options: Partial<CompileOptions> = {},
): Pick<HostError, 'reason' | 'message' | 'unlock'> {
  try {
    compiled(text, options).evaluate(scope);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { reason: error.reason, message: error.message, unlock: error.unlock };
  }
  throw new Error(`${text} has a value`);
}

const scope: Partial<Scope> = {
  checks: {
    tls: {
      ok: false,
      warn: false,
      fail: true,
      unknown: false,
      skipped: false,
      not_applicable: false,
      code: 'expired',
      value: -3,
      out: { days: -3, chain: [{ subject: 'a' }], extra: null },
    },
  },
  any: {
    disk: {
      codes: ['ok', 'full'],
      outs: [{ used: 5 }, { used: 99 }],
      ok: true,
      warn: false,
      fail: false,
      unknown: false,
      skipped: false,
      not_applicable: false,
    },
  },
  answers: { symptom: 'rc91', count: 5 },
  inputs: { port: 443, host: 'gw' },
  target: { name: 'nginx', listen: [443, 8443] },
  profile: { site: 'acme', entry: { url: 'https://pay.example.test' } },
  saved: { unit: 'x' },
  out: { count: 5, ratio: 0.5, lines: ['a', 'b'], none: null, text: 'abc' },
};

describe('values', () => {
  it.each([
    ['checks.tls.fail', true],
    ['checks.tls.fail && !checks.tls.ok', true],
    ['any.disk.ok', true],
    ['"full" in any.disk.codes', true],
    ['any.disk.outs.exists(one, one.used > 95)', true],
    ['checks.tls.code == "expired"', true],
    ['checks.tls.code in ["expired", "ok"]', true],
    ['checks.tls.value < 0', true],
    ['checks.tls.out.days', -3],
    ['checks.tls.out.chain[0].subject', 'a'],
    ['answers.symptom == "rc91"', true],
    ['answers.count == 5', true],
    ['answers.count != 5', false],
    ['answers.count in [4, 5]', true],
    ['answers.count % 2 == 1', true],
    ['answers.count + 1', 6],
    ['1 + answers.count', 6],
    ['inputs.port == 443', true],
    ['inputs.port / 2', 221.5],
    ['out.count == 5', true],
    ['out.count >= 5 && out.ratio < 1', true],
    ['out.count / 2', 2.5],
    ['out.count * 2 - 1', 9],
    ['100 - out.ratio * 100', 50],
    ['7 / 2', 3],
    ['out.lines.size()', 2],
    ['size(out.lines) == out.count - 3', true],
    ['out.lines.exists(line, line == "b")', true],
    ['out.lines.map(line, line + "!")', ['a!', 'b!']],
    ['out.none == null', true],
    ['out.text.matches("^a")', true],
    ['target.listen[1]', 8443],
    ['target.name + ":" + string(target.listen[0])', 'nginx:443'],
    ['has(target.unit)', false],
    ['has(target.unit) && target.unit == "x"', false],
    ['has(target.name) && target.name == "nginx"', true],
    ['profile.entry', { url: 'https://pay.example.test' }],
    ['saved.unit', 'x'],
    ['vars.log', '/var/log/gw'],
    ['{"a": 1, "b": [2]}', { a: 1, b: [2] }],
    ['out.count > 3 ? "many" : "few"', 'many'],
    ['target.absent || true', true],
    ['answers.down && false', false],
  ])('%s', (text, value) => {
    expect(compiled(text).evaluate(scope)).toEqual(value);
  });

  it('names the steps and answers that are read', () => {
    const { steps, answers } = compiled('checks.tls.ok && any.disk.fail && answers.symptom == "rc68" && has(checks.tls.out.days)');
    expect([...steps].sort()).toEqual(['disk', 'tls']);
    expect(answers).toEqual(['symptom']);
  });
});

describe('what is refused before anything runs', () => {
  it.each([
    ['checks.tsl.ok', '7 expression-name: unknown step tsl | did you mean tls?'],
    ['checks.tls.okay', '11 expression-name: checks.tls has no okay | did you mean ok?'],
    ['any.tls.code', '8 expression-name: any.tls has no code | did you mean codes?'],
    [
      'checks.tls',
      '7 expression-name: checks.tls alone has no value | read one of its fields: ok, warn, fail, unknown, skipped, not_applicable, code, value, out',
    ],
    ['checks', '0 expression-name: checks alone has no value | name one of its entries: checks.ID'],
    ['checks.symptom.ok', '7 expression-name: symptom is a question | read its answer: answers.symptom'],
    ['checks.tls.out.dais > 1', '15 expression-path: checks.tls.out has no dais | did you mean days?'],
    ['checks.tls.out.chain[0].sub == "x"', '24 expression-path: checks.tls.out.chain[] has no sub | did you mean subject?'],
    ['checks.tls.code == "expird"', '19 expression-literal: the code of tls is never "expird" | did you mean expired?'],
    ['checks.tls.code in ["ok", "expird"]', '26 expression-literal: the code of tls is never "expird" | did you mean expired?'],
    ['answers.symptom == "rc19"', '19 expression-literal: the answer to symptom is never "rc19" | did you mean rc91?'],
    ['answers.symptom == 91', '0 expression-type: no such overload: string == int'],
    ['answers.simptom == "x"', '8 expression-name: unknown question simptom | did you mean symptom?'],
    ['inputs.prt', '7 expression-name: unknown input prt | did you mean port?'],
    ['inputs.token', '7 expression-secret: the input token is a secret; expressions cannot read secrets'],
    ['vars.logs', '5 expression-name: unknown variable logs | did you mean log?'],
    ['check.tls.ok', '0 expression-name: unknown name check | did you mean checks?'],
    ['checks[out.x].ok', '0 expression-name: checks alone has no value | name one of its entries: checks.ID'],
    ['out.a.exists(x, out.b.exists(y, out.c.exists(z, z == x)))', '32 expression-limit: more than one loop inside another'],
    ['out.a.exists(target, target == 1)', '13 expression-name: target already has a meaning | choose another name for the variable'],
    ['out.text.matches(out.pattern)', '17 expression-pattern: matches() takes a literal pattern'],
    [`out.text.matches("${'a'.repeat(201)}")`, '17 expression-pattern: a pattern of more than 200 characters'],
    ['out.text.matches("(a")', '17 expression-pattern: not a valid regular expression'],
    ['', '0 expression-syntax: an empty expression'],
    [`out.x == "${'a'.repeat(500)}"`, '0 expression-limit: longer than 500 characters'],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, '20 expression-limit: this expression is too large | split it into several pieces of evidence'],
    [Array(120).fill('1').join('+'), '0 expression-limit: this expression is too large | split it into several pieces of evidence'],
    [
      'out.constructor.constructor("x")()',
      "32 expression-syntax: Unexpected character: '(' | the language is CEL: && || ! == in, strings in quotes",
    ],
    ['timestamp("2024-01-01T00:00:00Z")', '0 expression-type: cannot give google.protobuf.Timestamp'],
    ['now()', "0 expression-type: found no matching overload for 'now()'"],
  ])('%s', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  it('a root that has no meaning at that place', () => {
    expect(faults('out.x', { roots: ['checks'] })).toEqual([
      '0 expression-name: out is not known here | out (the facts) is known only in expect, predict and impact; elsewhere read checks.ID.out',
    ]);
  });

  it('something else than true or false where that is needed', () => {
    expect(faults('inputs.port', { result: 'bool' })).toEqual(['0 expression-type: must be true or false, this is double']);
  });

  it('a path that the facts at hand do not have', () => {
    expect(faults('out.p95ms < 2000', { facts: registry['net.http']?.facts })).toEqual([
      '4 expression-path: out has no p95ms | did you mean p95_ms?',
    ]);
  });

  it('reports every unknown name, not the first only', () => {
    expect(faults('checks.tsl.ok && checks.dsk.fail')).toHaveLength(2);
  });

  it('warns of a negated status and keeps it', () => {
    const result = compile('!checks.tls.ok && true', anywhere);
    expect(result.ok && result.warnings.map(({ code, offset, length, hint }) => ({ code, offset, length, hint }))).toEqual([
      { code: 'negated-status', offset: 0, length: 14, hint: 'name checks.tls.fail' },
    ]);
  });
});

describe('what only the run can tell', () => {
  it.each([
    ['target.health', { reason: 'not-found', message: 'profile has no target.health', unlock: 'target.health in oor.yaml' }],
    ['profile.dns.resolvers', { reason: 'not-found', message: 'profile has no profile.dns', unlock: 'profile.dns in oor.yaml' }],
    ['answers.down', { reason: 'not-found', message: 'the question down is not answered', unlock: '--answer down=...' }],
    ['checks.disk.ok', { reason: 'not-found', message: 'nothing is known as checks.disk', unlock: undefined }],
    ['out.absent > 1', { reason: 'not-found', message: 'nothing is known as out.absent', unlock: undefined }],
    ['target.listen[7]', { reason: 'not-found', message: 'profile has no target.listen[7]', unlock: 'target.listen[7] in oor.yaml' }],
    ['out.text > 1', { reason: 'unsupported', message: 'out.text > 1: no such overload: dyn<string> > int', unlock: undefined }],
    ['out.none > 1', { reason: 'unsupported', message: 'out.none > 1: no such overload: dyn<null> > int', unlock: undefined }],
  ])('%s', (text, error) => {
    expect(failure(text, scope)).toEqual(error);
  });

  it('an input without a value, and a scope without the root', () => {
    expect(failure('inputs.host', { inputs: {} })).toMatchObject({ reason: 'not-found', unlock: '--set host=...' });
    expect(failure('target.name', {})).toMatchObject({ reason: 'not-found' });
  });

  it('a value that is not true or false', () => {
    expect(failure('out.text', scope, { result: 'bool' })).toMatchObject({
      reason: 'unsupported',
      message: 'out.text: expected true or false, got "abc"',
    });
  });

  it('the prototype of an object is not reachable', () => {
    for (const text of [
      'out.constructor',
      'out.__proto__',
      'out.lines.constructor',
      'target["constructor"]',
      'out.toString',
      'out.text.length',
    ]) {
      expect(failure(text, scope).reason).toMatch(/not-found|unsupported/);
    }
  });

  it.each([
    ['out.list.exists(x, x == 1)', 0],
    ['out.list.exists(x, x == 1) || out.list.all(y, y > 2)', 1],
    ['out.list.exists(x, out.list.exists(y, y == x))', 1],
    ['out.list.filter(x, x == 1).map(x, x + 1).size() > 0', 1],
    ['string(out.list).matches("1")', 1],
    ['out.matches.size() > 0', 0],
  ])('needs a limit for what the size of the data does not bound alone: %s', (text, limited) => {
    let times = 0;
    const counting = <T>(evaluate: () => T): T => {
      times += 1;
      return evaluate();
    };
    const result = createCompiler({ names, vars, timeLimit: counting })(text, anywhere);
    if (!result.ok) throw new Error(faults(text).join('\n'));
    try {
      result.expression.evaluate({ out: { list: [1, 2], matches: [1] } });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
    expect(times).toBe(limited);
  });

  it('ends nested loops over large facts at the time limit', () => {
    const many = { out: { list: Array.from({ length: 100_000 }, (_, index) => index) } };
    const started = performance.now();
    expect(failure('out.list.exists(x, out.list.exists(y, x + y == -1))', many)).toMatchObject({ reason: 'timed-out' });
    expect(failure('out.list.map(x, out.list.map(y, x + y)).size() > 0', many)).toMatchObject({ reason: 'timed-out' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('ends a catastrophic pattern at the time limit', () => {
    expect(failure('out.text.matches("^(a+)+$")', { out: { text: `${'a'.repeat(60)}!` } })).toMatchObject({ reason: 'timed-out' });
  });
});
