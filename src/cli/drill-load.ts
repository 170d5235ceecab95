/** A drill file -> a drill: what its looks show is said by the checks themselves, of recorded facts. */
import { type Check, type CheckRegistry, describeJudgement, parseParams } from '../checks/check.ts';
import { loadChecksNamedIn } from '../checks/index.ts';
import type { Drill, Move, Seen } from '../engine/drill.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { RawDrill, RawSeen } from '../playbook/drill-file.ts';
import type { JsonObject } from '../ports.ts';
import type { NamedText, Services } from './services.ts';
import { type Shapes, shapeFacts } from './shape-facts.ts';

export async function listDrills(services: Services): Promise<readonly RawDrill[]> {
  const { files } = await services.drills();
  return await Promise.all(files.map(readDrillFile));
}

export async function loadDrill(services: Services, name: string): Promise<Drill> {
  const { files, shapes } = await services.drills();
  const source = files.find(({ file }) => file === `${name}.yaml`);
  if (!source) {
    const { suggestion } = await import('../playbook/suggest.ts');
    const known = files.map(({ file }) => file.replace(/\.yaml$/, ''));
    const hint = suggestion(name, known) ?? 'see: oor drill --list';
    throw new OorError({ code: 'unknown-drill', message: `there is no drill ${name}`, hint, exitCode: ExitCode.usage });
  }
  const raw = await readDrillFile(source);
  return buildDrill(raw, await loadChecksNamedIn(source.text), await readShapes(shapes));
}

async function readDrillFile(source: NamedText): Promise<RawDrill> {
  const { parseDrillFile } = await import('../playbook/drill-file.ts');
  const parsed = parseDrillFile(source);
  if (parsed.ok) return parsed.raw;
  const [first] = parsed.problems;
  throw invalid(`${source.file}:${first?.line}:${first?.col}: ${first?.message}`);
}

async function readShapes(text: string): Promise<Shapes> {
  const { parseYaml } = await import('../playbook/yaml.ts');
  const parsed = parseYaml({ file: '_shapes.yaml', text });
  if (!parsed.ok) throw invalid(`_shapes.yaml: ${parsed.problems[0]?.message}`);
  return parsed.yaml.value as Shapes;
}

export function buildDrill(raw: RawDrill, registry: CheckRegistry, shapes: Shapes): Drill {
  const see = (seen: RawSeen, where: string): Seen => showSeen(seen, registry, shapes, `${raw.id}: ${where}`);
  return {
    ...{ id: raw.id, kind: raw.kind, title: raw.title, from: raw.from, story: raw.story, entry: raw.entry },
    at: Date.parse(raw.at),
    moves: Object.entries(raw.moves).map(
      ([id, { shows, changes = {}, needs = [], risk = 'low', ...rest }]): Move => ({
        ...rest,
        id,
        ...{ needs, risk },
        seen: see(shows, id),
        changes: Object.fromEntries(Object.entries(changes).map(([look, seen]) => [look, see(seen, `${id}.changes.${look}`)])),
      }),
    ),
    causes: Object.entries(raw.causes).map(([id, title]) => ({ id, title })),
    ...{ right: raw.right, expert: raw.expert, trap: raw.trap, lesson: raw.lesson },
  };
}

function showSeen(seen: RawSeen, registry: CheckRegistry, shapes: Shapes, where: string): Seen {
  if (!('check' in seen)) return { says: seen.says, ...(seen.status !== undefined && { status: seen.status }) };
  const check = registry[seen.check];
  if (!check) throw invalid(`${where}: there is no check ${seen.check}`);
  const { is, facts: changed = {} } = seen;
  const facts = shapeFacts(shapes, check, { is, changed: changed as JsonObject }, (message) => invalid(`${where}: ${message}`));
  return judge(check, facts, seen.params ?? {}, where);
}

function judge(check: Check, facts: JsonObject, given: object, where: string): Seen {
  const params = parseParams(check, { ...check.example, ...given });
  if (!params.ok) throw invalid(`${where}: ${params.message}`);
  const judgement = check.judge(facts, params.params, check.thresholds);
  const says = (language: 'en' | 'zh-CN') => describeJudgement(check, judgement, language);
  return { status: judgement.status, says: { en: says('en'), 'zh-CN': says('zh-CN') } };
}

function invalid(message: string): OorError {
  return new OorError({ code: 'invalid-drill', message, exitCode: ExitCode.invalidInput });
}
