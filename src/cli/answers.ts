import { questionOf } from '../engine/question.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { parseYaml } from '../playbook/yaml.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import type { ScriptedAnswers, Services } from './services.ts';

/** `--answers FILE`: `answers: {id: value}` or just `{id: value}`; `--answer id=value` wins over it. */
export async function readAnswers(services: Services, options: GlobalOptions): Promise<Omit<ScriptedAnswers, 'allowFix'>> {
  if (options.answers === undefined) return { file: {}, flags: options.answer };
  const text = await services.readFile(options.answers, 256 * 1024 + 1);
  if (text === undefined) throw unreadable(options.answers, 'it does not exist');
  const parsed = parseYaml({ file: options.answers, text });
  if (!parsed.ok) throw unreadable(options.answers, parsed.problems[0]?.message ?? 'not YAML');
  const data: unknown = parsed.yaml.value;
  const map = isRecord(data) && isRecord(data['answers']) ? data['answers'] : data;
  if (!isRecord(map)) throw unreadable(options.answers, 'expected a map of question ids to values');
  const file: Record<string, string | number | boolean> = {};
  for (const [id, value] of Object.entries(map)) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw unreadable(options.answers, `the answer ${id} must be a text, a number, true or false`);
    }
    file[id] = value;
  }
  return { file, flags: options.answer };
}

/** Puts every given answer to its question, so that one that does not fit is refused before anything runs. */
export async function rehearseAnswers(services: Services, options: GlobalOptions, { steps }: Playbook): Promise<void> {
  const answers = await readAnswers(services, options);
  const policy = { ...policyOf(options, services), interactive: false };
  const script = await services.operator(policy, { ...answers, allowFix: [] });
  for (const step of steps) if (step.kind !== 'check') await script.ask(questionOf(step), services.interruption);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(file: string, why: string): OorError {
  return new OorError({
    code: 'invalid-answers',
    message: `the answers file ${file} cannot be used: ${why}`,
    hint: 'expected YAML or JSON such as: answers: { symptom: timeouts }',
    exitCode: ExitCode.invalidInput,
  });
}
