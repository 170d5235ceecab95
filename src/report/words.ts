/** The fixed words of the reports. Ids, keys and exit codes are never translated. */

import { fillSlots } from '../checks/check.ts';
import type { Scope } from '../engine/findings.ts';
import type { Language } from '../ports.ts';
import { INCIDENT_WORDS } from './incident-words.ts';

const WORDS = {
  ...INCIDENT_WORDS,
  status_ok: ['ok', '正常'],
  status_warn: ['warn', '警告'],
  status_fail: ['fail', '失败'],
  status_unknown: ['unknown', '未知'],
  status_skipped: ['skipped', '跳过'],
  'status_not-applicable': ['not-applicable', '不适用'],
  nothingChecked: ['nothing checked', '没有检查任何内容'],
  payments: ['payments', '支付'],
  healthy: ['healthy', '正常'],
  degraded: ['degraded', '部分失败'],
  down: ['down', '中断'],
  unknown: ['unknown', '未知'],
  since: ['since {time}', '自 {time} 起'],
  firstFailed: ['first failure {time}', '首次失败 {time}'],
  failed: ['{n} failed', '失败 {n} 笔'],
  worth: ['{value} at risk', '涉及金额 {value}'],
  unknownOutcome: ['{n} of unknown outcome', '结果未知 {n} 笔'],
  causes: ['Causes', '原因'],
  noCause: ['No cause reaches 50%.', '没有原因达到 50%。'],
  rival: ['best rival: {id} {score}', '最强的其他解释：{id} {score}'],
  separating: ['to separate them: {test}', '区分两者：{test}'],
  suspected: ['suspected', '疑似'],
  confirmed: ['confirmed', '已证实'],
  refuted: ['refuted', '已排除'],
  mitigated: ['mitigated', '已止损'],
  fixed: ['fixed', '已修复'],
  fix: ['fix', '修复'],
  advice: ['next', '下一步'],
  findings: ['Findings', '发现'],
  ruleOfPlaybook: ['by a rule of the playbook', '依剧本规则'],
  threshold: ['threshold {value}, {source}', '阈值 {value}，来源 {source}'],
  held: ['held: clears at {value}', '保持告警：回到 {value} 才恢复'],
  unconfirmed: ['{failed} of {n|probe|probes} failed', '{n} 次探测中 {failed} 次失败'],
  unknownTitle: ['Could not tell', '无法判断'],
  fixes: ['Fixes', '修复'],
  soakRunning: ['watched since the fix: {n|sample|samples}, {bad} bad', '修复后观察中：{n} 次采样，{bad} 次异常'],
  soakGood: ['the entry stayed good after the fix ({n|sample|samples})', '修复后入口保持正常（{n} 次采样）'],
  soakBad: [
    'the entry did NOT stay good after the fix ({bad} of {n|sample|samples} bad)',
    '修复后入口未保持正常（{n} 次采样中 {bad} 次异常）',
  ],
  notes: ['Notes', '备注'],
  escalate: ['escalate to {to}', '升级给 {to}'],
  paused: ['paused - resume with: oor resume {session}', '已暂停 - 继续：oor resume {session}'],
  evidence: [
    '{n|result|results} in session {session} - report again with: oor report {source}',
    '会话 {session} 共 {n} 条结果 - 再次查看：oor report {source}',
  ],
  stage_declined: ['not applied', '未执行'],
  stage_consented: ['consented', '已同意'],
  stage_running: ['running', '执行中'],
  stage_applied: ['applied, not yet validated', '已执行，未验证'],
  stage_failed: ['failed', '失败'],
  stage_validated: ['applied and validated by its own signal', '已执行，其信号已验证'],
  'stage_not-validated': ['applied, but its signal did not come', '已执行，但信号未出现'],
  'stage_rolled-back': ['rolled back', '已回退'],
  'stage_rollback-failed': ['ROLLBACK FAILED', '回退失败'],
  stage_planned: ['planned only (dry run)', '仅计划（演练）'],
  stage_interrupted: ['interrupted, effect unknown', '被中断，结果未知'],
  outcome_healthy: ['HEALTHY: payments work and nothing that was checked is at fault', '正常：支付可用，检查项均无故障'],
  'outcome_false-alarm': ['FALSE ALARM: payments work and nothing that was checked is at fault', '误报：支付可用，检查项均无故障'],
  outcome_fixed: ['FIXED and validated', '已修复并验证'],
  outcome_mitigated: ['MITIGATED, cause still open', '已止损，根因未消除'],
  'outcome_waiting-third-party': ['WAITING for a third party', '等待第三方'],
  'outcome_fault-found': ['FAULT FOUND, not fixed', '发现故障，未修复'],
  'outcome_fix-failed': ['FIX FAILED', '修复失败'],
  outcome_inconclusive: ['INCONCLUSIVE: too much could not be seen', '无定论：看不到的太多'],
  outcome_aborted: ['ABORTED', '已中止'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type Word = keyof typeof WORDS;

/** What is said of the first failure: where payments work again, it is over. */
export function sinceWord(state: Scope['state']): Word {
  return state === 'healthy' ? 'firstFailed' : 'since';
}

/** Of the scope, of a cause, and verdicts, as they stand in the JSON. */
const STATES = ['healthy', 'degraded', 'down', 'unknown', 'suspected', 'confirmed', 'refuted', 'mitigated', 'fixed'] as const;
const STATUSES = ['ok', 'warn', 'fail', 'skipped', 'not-applicable'] as const;

/** A verdict, a state or a status of the JSON in words; undefined: it is none. */
export function stateWord(name: string): Word | undefined {
  const status = STATUSES.find((each) => each === name);
  return status ? `status_${status}` : STATES.find((each) => each === name);
}

export function wordsIn(language: Language): (word: Word, data?: Readonly<Record<string, string | number>>) => string {
  return (word, data) => fillSlots(WORDS[word][language === 'zh-CN' ? 1 : 0], (name) => data?.[name]);
}
