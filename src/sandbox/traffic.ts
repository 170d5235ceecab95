/** Which provider an order goes to: by the bank of its card, else by the share of the backup; one that was sent stays where it went. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Channel } from './settings.ts';

export interface Sent {
  readonly order: string;
  /** First six digits of the card, where one is known. */
  readonly bin?: string;
}

export interface Traffic {
  channelOf(sent: Sent): Channel;
  /** No answer came to the attempt: the money may have moved where it went. */
  doubt(order: string): void;
  /** The attempt moved no money: the next one is free to go elsewhere, unless an earlier one is in doubt. */
  free(order: string): void;
  /** Its provider says that no attempt moved money. */
  forget(order: string): void;
  /** The channels that may get a new order now. */
  inUse(): readonly Channel[];
}

interface TrafficFiles {
  readonly channel: string;
  readonly routes: string;
}

/** Orders remembered; the oldest go first. */
const MAX_SENT = 5000;

export function createTraffic({ channel, routes }: TrafficFiles): Traffic {
  const sent = new Map<string, Channel>();
  const doubtful = new Set<string>();
  const forget = (order: string): void => {
    sent.delete(order);
    doubtful.delete(order);
  };
  return {
    channelOf({ order, bin }) {
      const before = sent.get(order);
      if (before) return before;
      const chosen = readRoutes(routes)[bin ?? ''] ?? (placeOf(order) < readShare(channel) ? 'backup' : 'primary');
      sent.set(order, chosen);
      if (sent.size > MAX_SENT) forget(sent.keys().next().value as string);
      return chosen;
    },
    doubt: (order) => void doubtful.add(order),
    free(order) {
      if (!doubtful.has(order)) forget(order);
    },
    forget,
    inUse() {
      const share = readShare(channel);
      return [...(share < 100 ? (['primary'] as const) : []), ...(share > 0 ? (['backup'] as const) : [])];
    },
  };
}

/** Percent of new orders that go to the backup. */
export function readShare(file: string): number {
  return parseShare(readFileSync(file, 'utf8'));
}

/** `primary`, `backup` or `backup 25%`, with or without the sign. */
export function parseShare(text: string): number {
  const [, name, percent = '100'] = /^\s*(primary|backup)(?:\s+(\d+)%?)?\s*$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`expected primary, backup or backup 25%, got "${text.trim()}"`);
  return name === 'primary' ? 0 : Math.min(100, Number(percent));
}

export function showShare(percent: number): string {
  if (percent === 0) return 'primary';
  return percent === 100 ? 'backup' : `backup ${percent}%`;
}

export function readRoutes(file: string): Readonly<Record<string, Channel>> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Channel>;
}

/** 0 to 99, always the same for an order. */
export function placeOf(order: string): number {
  return createHash('sha256').update(order).digest().readUInt32BE() % 100;
}
