/** `oor playbook new`: a playbook to start from, which says beside each line what it is for. */
import { ExitCode, OorError } from '../errors.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

export async function newCommand(
  services: Services,
  [name]: readonly string[],
  options: GlobalOptions & { readonly out?: string; readonly force?: boolean },
): Promise<number> {
  if (name === undefined) throw usage('playbook new needs a name', 'for example: oor playbook new web-disk');
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw usage(`playbook new ${name}: a name is lower-case letters, digits and -`, 'for example: web-disk');
  const file = options.out ?? `${name}.yaml`;
  if (!options.force && (await services.readFile(file, 1)) !== undefined)
    throw new OorError({ code: 'file-exists', message: `${file} exists`, hint: 'another name, or --force', exitCode: ExitCode.usage });
  await services.writeFile(file, skeleton(name), 0o644);
  // A word without a slash would be the name of a shipped playbook.
  const run = file.includes('/') ? file : `./${file}`;
  await tell(services, options, `${file} written. Next: oor playbook lint ${file}; oor run ${run}`);
  return ExitCode.healthy;
}

function skeleton(id: string): string {
  return `# A playbook: what is looked at, which causes explain what is seen, what repairs them. It names no machine, only the profile (oor.yaml).
#   oor playbook lint FILE    everything that is wrong with it
#   oor run ./FILE            run it
#   oor playbook test ./FILE  play the incidents of fixtures/${id}/
oor: 1
id: ${id}
title: { en: The disk of this machine fills up, zh-CN: 本机磁盘将满 }
symptoms: [disk, space, 磁盘]                # words of the symptom that choose this playbook
defaults: { timeout: 10s }

phases:                                      # confirm, evidence, hardware, software, network: the order of the reasoning; checks start at once
  confirm:
    steps:
      - id: entry                            # what customers reach: its status is the state of the incident
        title: { en: What customers reach, zh-CN: 客户入口 }
        uses: net.http                       # a check: oor check --list; oor check --explain net.http
        with: { url: "\${{ profile.entry.url }}" }
        scope: entry
        source: [F01, P04]                   # rows that this answers: oor playbook coverage
      - id: grows                            # a question; without a person the run goes on without it
        ask: { en: Did a job or a release start to write more than before?, zh-CN: 是否有任务或发版开始大量写入？ }
        type: confirm
        source: [F18, P03]
  hardware:
    steps:
      - { id: space, uses: disk.space, source: [F03] }
      - id: newest                           # runs only when there is a reason
        if: checks.space.fail
        uses: disk.newest
        with: { path: "\${{ checks.space.out.filesystems.filter(f, f.answer == 'answered' && f.usedPercent > 90.0)[0].mount }}" }
        source: [F03]

causes:
  disk.full:                                 # area.state, from the vocabulary
    title: { en: A disk of this machine is full, zh-CN: 本机磁盘已满 }
    prior: common                            # rare, uncommon, common: 1, 5, 20 % before anything is known
    evidence:                                # each that is true multiplies the odds: weak 2, moderate 4, strong 10, decisive 100
      - { when: checks.space.fail, supports: strong }
      - { when: answers.grows, supports: weak }
      - { when: checks.space.ok, excludes: true }
    explains: [entry, newest]                # findings that follow from it and speak for nothing else
    verify: { ask: { en: Does a test file of 1 MB fail to be written there?, zh-CN: 在该处写入 1 MB 的测试文件是否失败？ }, predict: answer }
    fix: rotate-logs
    advice: { en: Move the newest file that can be spared to another disk, zh-CN: 将可移走的最新文件移到其他磁盘 }
    source: [F03]

fixes:
  rotate-logs:
    title: { en: Rotate the logs now, zh-CN: 立即轮转日志 }
    effect: write                            # read, write, destructive
    run: { argv: [logrotate, -f, /etc/logrotate.conf] }
    rollback: { none: { en: Rotated logs are kept, zh-CN: 轮转的日志会保留 } }
    signal: { steps: [space], within: 1m }   # what must turn ok, or it did not help
    source: [H04]

validate: { soak: 1m, every: 10s, max: 2 }   # after a fix: how long the entry is watched, how often, how often to try again
escalate: { to: payments-oncall }
`;
}
