import { ExitCode } from '../errors.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import { runCommand } from './run.ts';
import type { Services } from './services.ts';

/** `oor` alone: at a terminal describe the symptom and run; else say how to start. */
export async function welcome(services: Services, options: GlobalOptions): Promise<number> {
  const policy = policyOf(options, services);
  if (!policy.interactive) {
    services.err(
      'oor finds out why payments fail.\n\n  oor run --sandbox      try it on the embedded payment stack\n  oor run                walk the eight steps with ./oor.yaml\n  oor --help             everything else\n',
    );
    return ExitCode.usage;
  }
  const operator = await services.operator(policy, { file: {}, flags: {}, allowFix: [] });
  const reply = await operator.ask(
    {
      id: 'symptom',
      type: 'text',
      text: { en: 'What do people see? (one line, or Enter)', 'zh-CN': '现象是什么?(一句话,或直接回车)' },
      skippable: true,
      canGoBack: false,
      canMitigate: false,
    },
    services.interruption,
  );
  if (reply.kind === 'quit') return ExitCode.aborted;
  return await runCommand(services, [], { ...options, ...(reply.kind === 'answer' && { symptom: String(reply.value) }) });
}
