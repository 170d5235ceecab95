/** A picture of numbers, as data: what a reader of facts makes and `svg-chart.ts` draws. */
import type { StepResult } from '../engine/session.ts';
import type { Json } from '../ports.ts';
import type { Telling } from './incident.ts';
import type { Tone } from './timeline-words.ts';

export interface Point {
  /** Epoch ms on a chart over time, else a position. */
  readonly x: number;
  readonly y: number;
}

/** Kinds of a thing that are neither good nor bad. */
export const KINDS = ['kind-1', 'kind-2', 'kind-3', 'kind-4', 'kind-5', 'kind-6'] as const;

export interface Series {
  readonly name: string;
  readonly tone: Tone | (typeof KINDS)[number];
  /** bars begin at zero and stand on those of the series before; dots are not joined. */
  readonly kind: 'line' | 'bars' | 'dots';
  readonly points: readonly Point[];
}

export interface Mark {
  readonly at: number;
  readonly name: string;
  readonly tone: Tone;
}

export interface Chart {
  readonly title: string;
  /** The step that measured it. */
  readonly step: string;
  readonly unit: string;
  readonly series: readonly Series[];
  /** Over time: what happened when. */
  readonly marks: readonly Mark[];
  /** Over time; otherwise the names of the positions 0, 1, 2, ... */
  readonly axis:
    | { readonly kind: 'time'; readonly from: number; readonly to: number }
    | { readonly kind: 'names'; readonly names: readonly string[] };
  /** Width of a bar on the axis. */
  readonly slot: number;
  /** What customers got: shown first, good or bad. */
  readonly lead?: boolean;
}

/** What a reader of facts is given. */
export interface Measured {
  readonly telling: Telling;
  readonly result: StepResult;
  readonly facts: Json;
  /** As the chart's title names the step. */
  readonly step: string;
  readonly marks: readonly Mark[];
}
