import type { Json } from '../ports.ts';
import {
  type Around,
  BEFORE_ROOTS,
  type Build,
  below,
  buildExpression,
  buildForEach,
  buildTemplate,
  complain,
  complainAtKey,
  defined,
  positionOf,
  type Spot,
  toText,
} from './build.ts';
import { buildUse } from './build-params.ts';
import type { Cause, CauseClass, Command, Evidence, Fix, ForEach, Verify } from './playbook.ts';
import type { RawCause, RawCommand, RawFix, RawStage, RawVerify } from './shape.ts';
import { listOf, milliseconds } from './shape-kit.ts';
import { classOf } from './vocabulary.ts';

/** One cause; problems are noted and leave out what they concern. */
export function buildCause(
  build: Build,
  spot: Spot,
  { id, variant, raw }: { readonly id: string; readonly variant: number; readonly raw: RawCause },
): Cause {
  const forEach = buildForEach(build, below(spot, 'for'), raw.for);
  const around: Around = { forEach };
  // Which causes there are is settled before anything is probed.
  const before: Around = { forEach, only: BEFORE_ROOTS };
  const text = (key: 'host' | 'component') =>
    raw[key] === undefined ? undefined : buildTemplate(build, below(spot, key), raw[key], before, 'text');
  return {
    id,
    variant,
    class: raw.class ?? classFor(build, spot, id),
    title: toText(raw.title),
    prior: raw.prior ?? 'uncommon',
    evidence: raw.evidence.flatMap((item, index) => buildEvidence(build, below(spot, 'evidence', index), item, around) ?? []),
    explains: listOf(raw.explains),
    verify: buildList(spot, 'verify', raw.verify, (at, item) => buildVerify(build, at, item, forEach)),
    fixes: listOf(raw.fix),
    source: listOf(raw.source),
    position: positionOf(spot),
    ...defined({
      forEach,
      if: raw.if === undefined ? undefined : buildExpression(build, below(spot, 'if'), raw.if, 'bool', before),
      advice: toText(raw.advice),
      host: text('host'),
      component: text('component'),
    }),
  };
}

function classFor(build: Build, spot: Spot, id: string): CauseClass {
  const known = classOf(id);
  if (!known)
    complainAtKey(build, spot, {
      code: 'cause-class',
      message: `${id} needs a class`,
      hint: 'hardware, software, network, environment, third-party, security, human or data',
    });
  return known ?? 'software';
}

/** Builds a value that may stand alone or in a list; the path follows what the author wrote. */
function buildList<T, R>(spot: Spot, key: string, raw: T | readonly T[] | undefined, make: (at: Spot, item: T) => R | undefined): R[] {
  return listOf(raw).flatMap((item, index) => make(Array.isArray(raw) ? below(spot, key, index) : below(spot, key), item) ?? []);
}

function buildEvidence(build: Build, spot: Spot, raw: RawCause['evidence'][number], around: Around): Evidence | undefined {
  const effects = (['supports', 'refutes', 'excludes'] as const).filter((effect) => raw[effect] !== undefined);
  const [effect] = effects;
  if (effects.length !== 1 || !effect) {
    complain(build, spot, {
      code: 'evidence',
      message: 'one of supports, refutes and excludes',
      hint: effects.length > 1 ? 'write a second piece of evidence' : 'e.g. supports: strong',
    });
    return undefined;
  }
  const when = buildExpression(build, below(spot, 'when'), raw.when, 'bool', around);
  const strength = raw.supports ?? raw.refutes;
  return when && { when, effect, position: positionOf(below(spot, 'when')), ...(strength && { strength }) };
}

function buildVerify(build: Build, spot: Spot, raw: RawVerify, forEach: ForEach | undefined): Verify | undefined {
  if ('ask' in raw) return { kind: 'ask', ask: toText(raw.ask), predict: raw.predict === 'answer', ...defined({ help: toText(raw.help) }) };
  const around: Around = { forEach };
  const use = buildUse(build, spot, raw, around);
  const on = raw.on === undefined ? undefined : buildTemplate(build, below(spot, 'on'), raw.on, around, 'text');
  const predict = buildExpression(build, below(spot, 'predict'), raw.predict, 'bool', { forEach, roots: ['out'], facts: use.check?.facts });
  if (!use.with || !predict) return undefined;
  return {
    kind: 'check',
    uses: raw.uses,
    with: use.with,
    predict,
    ...defined({ on, timeoutMs: milliseconds(raw.timeout), title: toText(raw.title) }),
  };
}

/** How long a fix's signal may take where the playbook does not say. */
const SIGNAL_MS = 60_000;

/** One fix; `entrySteps` is its signal where it names none. */
export function buildFix(build: Build, spot: Spot, id: string, raw: RawFix, entrySteps: readonly string[]): Fix {
  const before = buildList(spot, 'before', raw.before, (at, item) => {
    const command = buildCommand(build, at, item);
    return command && { ...command, save: item.save };
  });
  const steps = [...listOf(raw.signal?.steps), ...listOf(raw.signal?.step)];
  const confirm = typeof raw.confirm === 'object' ? raw.confirm : undefined;
  return {
    id,
    title: toText(raw.title),
    effect: raw.effect,
    confirm: confirm ? buildTyped(build, below(spot, 'confirm', 'type'), confirm.type) : 'yes-no',
    before,
    run: buildList(spot, 'run', raw.run, (at, item) => buildStage(build, at, item)),
    rollback: buildRollback(
      build,
      spot,
      raw,
      before.map(({ save }) => save),
    ),
    signal: { steps: steps.length > 0 ? steps : entrySteps, withinMs: milliseconds(raw.signal?.within) ?? SIGNAL_MS },
    mitigates: raw.mitigates ?? false,
    source: listOf(raw.source),
    position: positionOf(spot),
    ...defined({
      if: raw.if === undefined ? undefined : buildExpression(build, below(spot, 'if'), raw.if, 'bool', ANY_TARGET),
      why: toText(raw.why ?? confirm?.why),
      dryRun: raw.dry_run && buildCommand(build, below(spot, 'dry_run'), raw.dry_run),
      manual: toText(raw.manual),
    }),
  };
}

/** A fix runs for the target of whichever cause asks for it. */
const ANY_TARGET: Around = { forEach: undefined, roots: ['target'] };

function buildTyped(build: Build, spot: Spot, type: string): Fix['confirm'] {
  const template = buildTemplate(build, spot, type, ANY_TARGET, 'text');
  return template ? { type: template } : 'yes-no';
}

function buildCommand(
  build: Build,
  spot: Spot,
  raw: Pick<RawCommand, 'argv' | 'timeout'>,
  around: Around = ANY_TARGET,
): Command | undefined {
  const argv = buildTemplate(build, below(spot, 'argv'), raw.argv as Json, around, 'argv');
  return argv && { argv, ...defined({ timeoutMs: milliseconds(raw.timeout) }) };
}

function buildStage(build: Build, spot: Spot, raw: RawStage): Command | undefined {
  const command = buildCommand(build, spot, raw);
  if (!command || !raw.until) return command;
  const { steps, within, stop_on } = raw.until;
  return { ...command, until: { steps: listOf(steps), withinMs: milliseconds(within) ?? SIGNAL_MS, stopOnFail: stop_on === 'fail' } };
}

function buildRollback(build: Build, spot: Spot, raw: RawFix, saved: readonly string[]): Fix['rollback'] {
  const { rollback } = raw;
  if (typeof rollback === 'object' && 'none' in rollback) return { none: toText(rollback.none) };
  if (rollback !== undefined) {
    const around: Around = { forEach: undefined, roots: saved.length > 0 ? ['target', 'saved'] : ['target'] };
    return { commands: buildList(spot, 'rollback', rollback, (at, item) => buildCommand(build, at, item, around)) };
  }
  const changes = raw.effect !== 'read' && raw.run !== undefined;
  if (changes)
    complainAtKey(build, spot, {
      code: 'fix-rollback',
      message: 'the fix changes something and has no rollback',
      hint: 'add rollback: {argv: [...]} or rollback: {none: why there is none}',
    });
  return { none: { en: 'oor changes nothing here', 'zh-CN': 'oor 在此不做任何更改' } };
}
