/**
 * What regulators count from an outage: limits as data, each with its source. A site's own counsel decides what applies; these are the
 * bounds at which somebody must ask.
 */
import type { Text } from '../ports.ts';

export interface RegulatoryLimit {
  readonly id: string;
  readonly region: 'CN' | 'EU' | 'SG';
  readonly source: string;
  readonly duty: Text;
  /** What is counted: time from an instant, or payments. */
  readonly counts: 'impact' | 'detection' | 'classification' | 'notification' | 'failed-payments';
  /** Milliseconds or payments. */
  readonly limit: number;
  /** Counted over so long, of which one session is only a part. */
  readonly within?: Text;
}

const HOUR_MS = 3_600_000;
const PBOC =
  'PBoC, rules on the reporting of business continuity incidents of payment institutions: class one from 2 h or 100 000 transactions';
const DORA = 'Regulation (EU) 2022/2554 (DORA) article 19; Delegated Regulation (EU) 2025/301 article 5';
const MAS = 'MAS, Notice on Technology Risk Management (FSM-N05 and its kin)';

const TO_NOTIFY_CLASSIFIED_MS = 4 * HOUR_MS;
const TO_NOTIFY_DETECTED_MS = 24 * HOUR_MS;
const FROM_NOTIFICATION: Text = {
  en: 'from the initial notification; until one is noted, from its latest moment',
  'zh-CN': '自首次通报起算；未记录通报前按其最迟时刻起算',
};

/** Of one group the tightest first. */
export const REGULATORY_LIMITS: readonly RegulatoryLimit[] = [
  {
    id: 'cn-duration',
    region: 'CN',
    source: PBOC,
    duty: { en: 'class-one report: interruption of 2 h', 'zh-CN': '一级事件报告：中断满 2 小时' },
    counts: 'impact',
    limit: 2 * HOUR_MS,
  },
  {
    id: 'cn-payments',
    region: 'CN',
    source: PBOC,
    duty: { en: 'class-one report: 100 000 transactions', 'zh-CN': '一级事件报告：影响 10 万笔交易' },
    counts: 'failed-payments',
    limit: 100_000,
  },
  {
    id: 'sg-notice',
    region: 'SG',
    source: MAS,
    duty: { en: 'notify MAS within 1 h of discovering a relevant incident', 'zh-CN': '发现相关事件后 1 小时内通知 MAS' },
    counts: 'detection',
    limit: HOUR_MS,
  },
  {
    id: 'sg-downtime',
    region: 'SG',
    source: MAS,
    duty: { en: 'unscheduled downtime of a critical system: 4 h', 'zh-CN': '关键系统计划外停机累计 4 小时' },
    counts: 'impact',
    limit: 4 * HOUR_MS,
    within: { en: 'within any 12 months: add the earlier outages', 'zh-CN': '任意 12 个月内累计：须加上此前停机' },
  },
  {
    id: 'eu-initial-classified',
    region: 'EU',
    source: DORA,
    duty: { en: 'initial notification within 4 h of the classification as major', 'zh-CN': '定级为重大后 4 小时内首次通报' },
    counts: 'classification',
    limit: TO_NOTIFY_CLASSIFIED_MS,
  },
  {
    id: 'eu-initial',
    region: 'EU',
    source: DORA,
    duty: { en: 'initial notification, at the latest 24 h after detection', 'zh-CN': '最迟发现后 24 小时内首次通报' },
    counts: 'detection',
    limit: TO_NOTIFY_DETECTED_MS,
  },
  {
    id: 'eu-intermediate',
    region: 'EU',
    source: DORA,
    duty: { en: 'intermediate report within 72 h of the initial notification', 'zh-CN': '首次通报后 72 小时内提交中期报告' },
    counts: 'notification',
    limit: 72 * HOUR_MS,
    within: FROM_NOTIFICATION,
  },
  {
    id: 'eu-final',
    region: 'EU',
    source: DORA,
    duty: { en: 'final report one month after the intermediate report', 'zh-CN': '中期报告后一个月内提交最终报告' },
    counts: 'notification',
    limit: (72 + 30 * 24) * HOUR_MS,
    within: FROM_NOTIFICATION,
  },
];

export type MeterState = 'open' | 'near' | 'passed' | 'unknown';

export interface MeterReading {
  readonly limit: RegulatoryLimit;
  readonly state: MeterState;
  /** Milliseconds or payments so far; undefined: nothing says from when. */
  readonly used?: number;
  /** Epoch ms at which it is reached, for what is counted in time. */
  readonly at?: number;
}

export interface MeterInput {
  /** When customers began to feel it. */
  readonly firstBad: number | undefined;
  /** When somebody began to look. */
  readonly detected: number;
  /** When it was called a major incident. */
  readonly classified: number | undefined;
  /** When the regulator first heard of it. */
  readonly notified: number | undefined;
  readonly failedPayments: number;
  /** The end of the impact, or now. */
  readonly until: number;
}

/** Warned when three quarters are used. */
const NEAR = 0.75;

export function readMeter(input: MeterInput): readonly MeterReading[] {
  return REGULATORY_LIMITS.map((limit) => readOne(limit, input));
}

function readOne(limit: RegulatoryLimit, input: MeterInput): MeterReading {
  const { firstBad, detected, classified, notified, failedPayments, until } = input;
  if (limit.counts === 'failed-payments') return { limit, used: failedPayments, state: gradeUse(failedPayments / limit.limit) };
  const notification = notified ?? latestNotification(input);
  const from = { impact: firstBad, detection: detected, classification: classified, notification }[limit.counts];
  if (from === undefined) return { limit, state: 'unknown' };
  const used = Math.max(0, until - from);
  return { limit, used, at: from + limit.limit, state: gradeUse(used / limit.limit) };
}

/** What is classified only after the bound from detection has passed has its own four hours. */
function latestNotification({ detected, classified }: MeterInput): number {
  const byDetection = detected + TO_NOTIFY_DETECTED_MS;
  if (classified === undefined) return byDetection;
  const byClassification = classified + TO_NOTIFY_CLASSIFIED_MS;
  return classified > byDetection ? byClassification : Math.min(byClassification, byDetection);
}

function gradeUse(share: number): MeterState {
  if (share >= 1) return 'passed';
  return share >= NEAR ? 'near' : 'open';
}
