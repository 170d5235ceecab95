/** An order that is held, when what its providers answer changes: beside real files, two providers that do as the test says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHeldOrders, type HeldOrders } from '../../src/sandbox/held-orders.ts';
import { PaymentFailure, pay } from '../../src/sandbox/payment.ts';
import { ProviderError } from '../../src/sandbox/provider-client.ts';
import type { Channel } from '../../src/sandbox/settings.ts';
import { createTraffic, type Traffic } from '../../src/sandbox/traffic.ts';

const DAY_MS = 86_400_000;
let dir: string;
let held: HeldOrders;
let traffic: Traffic;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'oor-payment-'));
  const files = { channel: join(dir, 'channel'), routes: join(dir, 'routes'), setting: join(dir, 'hold'), folder: join(dir, 'held') };
  writeFileSync(files.routes, '{}');
  held = createHeldOrders(files);
  traffic = createTraffic(files);
  choose('primary');
  holdFor(DAY_MS);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const choose = (channel: Channel) => writeFileSync(join(dir, 'channel'), channel);
const holdFor = (ms: number | null) => writeFileSync(join(dir, 'hold'), JSON.stringify(ms));

/** `took`: the money moves, and nobody hears of it. `lost`: the request never arrives. `refused`: at once, and surely nothing moved. */
type Conduct = 'well' | 'took' | 'lost' | 'refused';

function createProvider(name: string) {
  const paid: string[] = [];
  let conduct: Conduct = 'well';
  return {
    paid,
    behave(next: Conduct) {
      conduct = next;
    },
    name,
    async charge({ order }: { readonly order: string }) {
      if (conduct === 'refused') throw new ProviderError('connection refused', false);
      if (conduct !== 'lost') paid.push(order);
      if (conduct !== 'well') throw new ProviderError('no answer', true);
      return '00';
    },
    async query(order: string) {
      if (conduct === 'refused') throw new ProviderError('connection refused', false);
      return paid.includes(order);
    },
  };
}

function createShop() {
  const providers = { primary: createProvider('bank'), backup: createProvider('backup') };
  const running = {
    ...{ held, traffic, providers },
    settings: { spoolDir: dir },
    release: { fee: () => 0 },
    pool: { use: async () => {} },
    log: () => {},
    payments: () => {},
    closedFunctions: () => [],
  };
  return { providers, send: (order: string) => pay({ order, amount: 100 }, running as never) };
}

describe('an order that its first channel never saw', () => {
  test.each([DAY_MS, null])('is asked for at the one that had it last (held for %s)', async (ms) => {
    const { providers, send } = createShop();
    providers.primary.behave('lost');
    expect(await send('A-1')).toMatchObject({ status: 'held' });
    holdFor(ms);
    choose('backup');
    providers.backup.behave('took');
    expect(await send('A-1')).toMatchObject({ status: 'held' });
    expect(held.find('A-1')).toMatchObject({ channel: 'backup', charged: 'unknown' });
    providers.primary.behave('well');
    providers.backup.behave('well');
    choose('primary');
    expect(await send('A-1')).toMatchObject({ status: 'approved' });
    expect([...providers.primary.paid, ...providers.backup.paid]).toEqual(['A-1']);
  });

  test('keeps the deadline that its payer was told', async () => {
    const { providers, send } = createShop();
    providers.primary.behave('lost');
    const first = await send('A-2');
    expect(await send('A-2')).toEqual(first);
    expect(JSON.parse(readFileSync(join(dir, 'held/A-2.json'), 'utf8'))).toMatchObject({ order: 'A-2', charged: 'unknown' });
  });
});

test('an order that may have been paid stays with its provider where orders are not held, though that refuses the second attempt', async () => {
  const { providers, send } = createShop();
  holdFor(null);
  providers.primary.behave('took');
  await expect(send('A-3')).rejects.toThrow(PaymentFailure);
  providers.primary.behave('refused');
  await expect(send('A-3')).rejects.toThrow('connection refused');
  choose('backup');
  await expect(send('A-3')).rejects.toThrow('connection refused');
  expect([...providers.primary.paid, ...providers.backup.paid]).toEqual(['A-3']);
});

test('an order that was surely refused is free to go elsewhere', async () => {
  const { providers, send } = createShop();
  holdFor(null);
  providers.primary.behave('refused');
  await expect(send('A-4')).rejects.toThrow('connection refused');
  choose('backup');
  expect(await send('A-4')).toMatchObject({ status: 'approved' });
  expect(providers.backup.paid).toEqual(['A-4']);
});

test('what a held order knows of its money outlives a site that forgot where it sent what, and a question that stays open', async () => {
  const before = createShop();
  before.providers.primary.behave('took');
  expect(await before.send('A-5')).toMatchObject({ status: 'held' });
  traffic = createTraffic({ channel: join(dir, 'channel'), routes: join(dir, 'routes') });
  choose('backup');
  const { providers, send } = createShop();
  providers.primary.paid.push(...before.providers.primary.paid);
  providers.primary.behave('refused');
  expect(await send('A-5')).toMatchObject({ status: 'held' });
  expect(held.find('A-5')).toMatchObject({ channel: 'primary', charged: 'unknown' });
  providers.primary.behave('well');
  expect(await send('A-5')).toMatchObject({ status: 'approved' });
  expect([...providers.primary.paid, ...providers.backup.paid]).toEqual(['A-5']);
});
