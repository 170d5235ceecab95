/** The incidents of a playbook: where they lie, what they need, and how they are played. */
import type { CheckRegistry } from '../checks/check.ts';
import { buildPlan, type Plan } from '../engine/plan.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { parseProfile, profileData } from '../playbook/profile.ts';
import type { JsonObject } from '../ports.ts';
import { type Played, playFixture, type Stage } from './fixture-play.ts';
import { type Fixture, readFixture, readYamlValue } from './fixture-shape.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { NamedText, Services } from './services.ts';
import type { Shapes } from './shape-facts.ts';

export interface Suite {
  readonly id: string;
  readonly playbook: Playbook;
  readonly registry: CheckRegistry;
  readonly fixtures: readonly Fixture[];
  plan(fixture: Fixture): Plan;
  play(fixture: Fixture): Promise<Played>;
}

export interface SuiteFiles {
  readonly playbook: Playbook;
  /** Every check: a profile's thresholds may name any. */
  readonly registry: CheckRegistry;
  readonly shapes: Shapes;
  readonly profiles: readonly NamedText[];
  readonly fixtures: readonly NamedText[];
  readonly openLog: Stage['openLog'];
}

export function createSuite({ playbook, registry, shapes, profiles, fixtures, openLog }: SuiteFiles): Suite {
  const known = new Map(profiles.map((source) => [nameOf(source.file), readProfile(source, registry)]));
  const stage: Stage = { registry, shapes, openLog };
  const plan = (fixture: Fixture): Plan => {
    const { profile, inputs, host } = fixture;
    return buildPlan({
      playbook,
      profile: profileOf(fixture, profile, known),
      inputs: { ...defaults(playbook), ...inputs },
      localHost: host,
    });
  };
  return {
    id: playbook.id,
    playbook,
    registry,
    fixtures: fixtures.map(readFixture),
    plan,
    play: async (fixture) => await playFixture(stage, fixture, plan(fixture)),
  };
}

/** An input that a fixture does not give has the value that a run without `--set` has. */
function defaults({ inputs }: Playbook): JsonObject {
  return Object.fromEntries(inputs.flatMap((input) => (input.default === undefined ? [] : [[input.name, input.default]])));
}

function profileOf({ file }: Fixture, profile: Fixture['profile'], known: ReadonlyMap<string, JsonObject>): JsonObject {
  if (typeof profile !== 'string') return profile as JsonObject;
  if (profile === 'none') return {};
  const found = known.get(profile);
  if (!found) throw invalid(`${file}: there is no profile ${profile}`, `known: none, ${[...known.keys()].join(', ')}`);
  return found;
}

function readProfile(source: NamedText, registry: CheckRegistry): JsonObject {
  const parsed = parseProfile({ ...source, registry });
  if (!parsed.ok)
    throw invalid(parsed.problems.map(({ line, message }) => `${source.file}:${line}: ${message}`).join('\n'), 'correct the profile');
  return profileData(parsed.profile);
}

function invalid(message: string, hint: string): OorError {
  return new OorError({ code: 'invalid-fixture', message, hint, exitCode: ExitCode.invalidInput });
}

// ---------------------------------------------------------------------------------------------- on disk

const SHAPES = '_shapes.yaml';
const PROFILES = '_profiles/';
const MAX_BYTES = 256 * 1024 + 1;

/** A shipped playbook by name; one of one's own with the folder `fixtures/ID` beside it. */
export async function loadSuite(services: Services, name: string, registry: CheckRegistry): Promise<Suite> {
  const own = /[/.]/.test(name);
  const { playbook } = await loadPlaybook(services, name, {});
  const shipped = services.shippedFixtures;
  const folder = own ? `${name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '.'}/fixtures` : shipped;
  const files = await readFolder(services, `${folder}/${playbook.id}`);
  const shapes = [`${shipped}/${SHAPES}`, ...(own ? [`${folder}/${SHAPES}`] : [])];
  return createSuite({
    playbook,
    registry,
    shapes: mergeShapes(await Promise.all(shapes.map((path) => readShapes(services, path)))),
    profiles: files.filter(({ file }) => file.startsWith(PROFILES)),
    fixtures: files.filter(({ file }) => !file.includes('/') && !file.startsWith('_')),
    openLog: await services.writtenHosts(),
  });
}

async function readFolder(services: Services, folder: string): Promise<readonly NamedText[]> {
  const { files } = (await (await services.cleaning()).list(folder)) ?? { files: [] };
  const found = files.filter(({ name }) => name.endsWith('.yaml'));
  return await Promise.all(found.map(async ({ path, name }) => ({ file: name, text: (await services.readFile(path, MAX_BYTES)) ?? '' })));
}

async function readShapes(services: Services, path: string): Promise<Shapes> {
  const text = await services.readFile(path, MAX_BYTES);
  return text === undefined ? {} : (readYamlValue({ file: path, text }) as Shapes);
}

function mergeShapes(all: readonly Shapes[]): Shapes {
  const merged: Record<string, Record<string, JsonObject>> = {};
  for (const shapes of all) for (const [check, named] of Object.entries(shapes)) merged[check] = { ...merged[check], ...named };
  return merged;
}
