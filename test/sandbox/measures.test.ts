/** What a site does while it cannot repair, done for real: shares, routes, held orders, functions, banner, nodes. */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AWAY_ISSUER } from '../../src/sandbox/complications.ts';
import { controlSandbox } from '../../src/sandbox/control.ts';
import { creditorReference } from '../../src/sandbox/held-orders.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { parseShare, showShare } from '../../src/sandbox/traffic.ts';
import { get, type Seen, until } from './clients.ts';

const random = { hex: (bytes: number) => randomBytes(bytes).toString('hex'), integer: (below: number) => randomInt(below) };
const dir = mkdtempSync(join(tmpdir(), 'oor-measures-'));
let sandbox: RunningSandbox;
let number = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ dir, random, controlArgv: ['/opt/tool', 'order'] });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function order(verb: string, ...words: readonly string[]): Promise<string> {
  const [target, ...more] = words;
  const { ok, output } = await controlSandbox({ dir, verb, more, ...(target !== undefined && { target }) });
  if (!ok) throw new Error(output);
  return output;
}

const newOrder = (): string => {
  number += 1;
  return `T${random.hex(3)}-${number}`;
};

function pay(body: { order: string; bin?: string; purpose?: string }): Promise<Seen> {
  const { entryName, web } = sandbox.places;
  const headers = { 'content-type': 'application/json' };
  const text = JSON.stringify({ amount: 1234, ...body });
  return get(`https://${entryName}:${web}/pay`, {
    caFile: join(dir, 'tls/ca.pem'),
    method: 'POST',
    headers,
    body: text,
    timeoutMs: 60_000,
  });
}

/** provider=... of an order, as the log of payments has it, the latest last. */
function providersOf(id: string): string[] {
  const lines = readFileSync(join(dir, 'log/payments.log'), 'utf8').split('\n');
  return lines.filter((line) => line.includes(` order_no=${id} `)).map((line) => /provider=(\S+)/.exec(line)?.[1] ?? '');
}

const banner = () => get(`https://${sandbox.places.entryName}:${sandbox.places.web}/banner.json`, { caFile: join(dir, 'tls/ca.pem') });

describe('the share of the backup', () => {
  afterEach(() => order('switch-channel', 'primary'));

  test('is what was ordered, in words that can be put back', async () => {
    expect(await order('show-channel')).toBe('primary');
    expect(await order('plan-channel', 'backup', '25')).toContain('would go to backup 25%; now they go to primary');
    expect(await order('show-channel')).toBe('primary');
    await order('switch-channel', 'backup', '25');
    expect(await order('show-channel')).toBe('backup 25%');
    await order('switch-channel', 'backup');
    expect(await order('show-channel')).toBe('backup');
    await order('restore-channel', 'backup 25%');
    expect(await order('show-channel')).toBe('backup 25%');
    await expect(order('switch-channel', 'nowhere')).rejects.toThrow('expected primary, backup or backup 25%');
    for (const share of [0, 1, 50, 100]) expect(parseShare(showShare(share))).toBe(share);
  });

  test('is what orders feel, and an order stays with the channel that has it', async () => {
    await order('switch-channel', 'backup', '50');
    const orders = Array.from({ length: 30 }, newOrder);
    await Promise.all(orders.map((id) => pay({ order: id })));
    const first = orders.map((id) => providersOf(id)[0]);
    expect(new Set(first)).toEqual(new Set(['bank', 'backup']));
    await order('switch-channel', 'backup');
    await Promise.all(orders.map((id) => pay({ order: id })));
    expect(orders.map((id) => providersOf(id)[1])).toEqual(first);
    const later = newOrder();
    await pay({ order: later });
    expect(providersOf(later)).toEqual(['backup']);
  });

  test('is not felt by an order that was sent, whichever node it comes to and however often that was restarted', async () => {
    const [restarted, spare] = [newOrder(), newOrder()];
    await order('inject', 'bank-timeout');
    expect((await Promise.all([restarted, spare].map((id) => pay({ order: id })))).map(({ result }) => result)).toEqual([504, 504]);
    await order('heal', 'bank-timeout');
    await order('switch-channel', 'backup');
    await order('restart-drained', 'app');
    expect(await pay({ order: restarted })).toMatchObject({ result: 200 });
    await order('start', 'app-2');
    await order('put-node-back', 'app-2');
    await order('drain-node', 'app');
    expect(await pay({ order: spare })).toMatchObject({ result: 200 });
    await order('put-node-back', 'app');
    await order('drain-node', 'app-2');
    await order('stop', 'app-2');
    expect([restarted, spare].map(providersOf)).toEqual([
      ['bank', 'bank'],
      ['bank', 'bank'],
    ]);
  });
});

test('the cards of one bank go a way of their own', async () => {
  await order('inject', 'issuer-down');
  const [away, other, rerouted] = [newOrder(), newOrder(), newOrder()];
  expect(JSON.parse((await pay({ order: away, bin: AWAY_ISSUER })).body)).toMatchObject({ status: 'declined' });
  expect(JSON.parse((await pay({ order: other, bin: '621700' })).body)).toMatchObject({ status: 'approved' });
  const before = await order('show-routes');
  await order('reroute-bin', AWAY_ISSUER, 'backup');
  expect(JSON.parse((await pay({ order: rerouted, bin: AWAY_ISSUER })).body)).toMatchObject({ status: 'approved' });
  expect(providersOf(rerouted)).toEqual(['backup']);
  await order('restore-routes', before);
  expect(await order('show-routes')).toBe('{}');
  await order('heal', 'issuer-down');
  await expect(order('reroute-bin', '62', 'backup')).rejects.toThrow('first six to eight digits');
});

describe('functions that wait', () => {
  test('are refused until they are restored, and only those that were on come back', async () => {
    const renew = () => pay({ order: newOrder(), purpose: 'auto-renew' });
    expect(await renew()).toMatchObject({ result: 200 });
    await order('close-functions', 'top-up');
    await order('restore-functions');
    await order('close-functions', 'auto-renew', 'top-up');
    expect(await order('show-functions')).toBe('auto-renew off\ntop-up off');
    expect(await renew()).toMatchObject({ result: 409 });
    expect(await pay({ order: newOrder() })).toMatchObject({ result: 200 });
    expect(await order('show-measures')).toContain('functions auto-renew,top-up');
    expect(await order('restore-functions')).toContain('switched on again: auto-renew, top-up');
    expect(await renew()).toMatchObject({ result: 200 });
    expect(await order('show-measures')).toBe('none');
    await expect(order('close-functions', 'pay')).rejects.toThrow('expected some of auto-renew, top-up');
  });
});

describe('orders that are held', () => {
  afterEach(async () => {
    await order('end-hold');
    await order('heal', 'bank-5xx');
  });

  test('wait with a deadline and a reference, and are paid once when the channel is back', async () => {
    const id = newOrder();
    await order('inject', 'bank-5xx');
    expect(await pay({ order: id })).toMatchObject({ result: 502 });
    await order('hold-orders', '24h');
    const held = await pay({ order: id });
    expect(held.result).toBe(202);
    const { pay_until, reference } = JSON.parse(held.body);
    expect(Date.parse(pay_until) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
    expect(reference).toBe(creditorReference(id));
    expect(await order('list-held')).toContain(`"order":"${id}"`);
    expect((await order('list-vip')).split('\n').find((line) => line.startsWith(`${id},`))).toMatch(
      /,(platinum|gold|),\d+\.\d\d,CNY,(unpaid|pending),/,
    );
    await order('heal', 'bank-5xx');
    expect(JSON.parse((await pay({ order: id })).body)).toMatchObject({ status: 'approved' });
    expect(await order('list-held')).not.toContain(id);
  });

  test('are not paid twice when the first attempt had moved the money', async () => {
    const id = newOrder();
    await order('hold-orders', '24h');
    await order('inject', 'bank-timeout');
    expect(await pay({ order: id })).toMatchObject({ result: 202 });
    expect(await order('list-held')).toContain('"charged":"unknown"');
    await order('heal', 'bank-timeout');
    await order('switch-channel', 'backup');
    expect(JSON.parse((await pay({ order: id })).body)).toMatchObject({ status: 'approved' });
    expect(providersOf(id)).toEqual(['bank']);
    await order('switch-channel', 'primary');
  });

  test('are not paid twice when the node is new, the channel another, and the first question stays without an answer', async () => {
    const id = newOrder();
    await order('hold-orders', '24h');
    await order('inject', 'bank-timeout');
    expect(await pay({ order: id })).toMatchObject({ result: 202 });
    await order('restart', 'app');
    await order('switch-channel', 'backup');
    expect(await pay({ order: id })).toMatchObject({ result: 202 });
    await order('heal', 'bank-timeout');
    await order('switch-channel', 'backup');
    expect(JSON.parse((await pay({ order: id })).body)).toMatchObject({ status: 'approved' });
    expect(providersOf(id)).toEqual(['bank']);
    await order('switch-channel', 'primary');
  });

  test('that were paid after their time are for a refund; those that were not are over', async () => {
    const [late, never] = [newOrder(), newOrder()];
    await order('hold-orders', '300ms');
    await order('inject', 'bank-timeout');
    expect(await pay({ order: late })).toMatchObject({ result: 202 });
    await order('heal', 'bank-timeout');
    await order('inject', 'bank-5xx');
    expect(await pay({ order: never })).toMatchObject({ result: 202 });
    await order('heal', 'bank-5xx');
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(await pay({ order: never })).toMatchObject({ result: 410 });
    const { refund, expired } = JSON.parse(await order('settle-held'));
    expect(refund).toContain(late);
    expect(expired).toContain(never);
    for (const id of [late, never]) expect(await order('list-held')).not.toContain(id);
  });
});

test('a reference has the check digits of ISO 11649', () => {
  expect(creditorReference('539007547034')).toBe('RF18539007547034');
});

test('the banner is what customers get, as JSON', async () => {
  const text = {
    method: 'alipay',
    state: 'unavailable',
    text: { en: 'Alipay is unavailable', 'zh-CN': '支付宝暂时不可用，请使用微信支付' },
  };
  await order('put-banner', JSON.stringify(text));
  expect(JSON.parse((await banner()).body)).toEqual(text);
  const before = await order('show-banner');
  await order('clear-banner');
  expect(JSON.parse((await banner()).body)).toBeNull();
  await order('restore-banner', before);
  expect(JSON.parse((await banner()).body)).toEqual(text);
  await order('restore-banner', 'null');
  await expect(order('put-banner', '{"text":"x"}')).rejects.toThrow('names its "method"');
});

describe('a node', () => {
  test('that hangs is taken out of the turn, and nobody meets it any more', async () => {
    await order('inject', 'node-hung');
    expect(await order('show-nodes')).toMatch(/app-2 running, in turn/);
    const hung = await Promise.all([1, 2, 3, 4].map(() => pay({ order: newOrder() })));
    expect(hung.map(({ result }) => result)).toContain(504);
    expect(await order('drain-node', 'app-2')).toContain('app-2 gets no new requests');
    const after = await Promise.all([1, 2, 3, 4].map(() => pay({ order: newOrder() })));
    expect(after.map(({ result }) => result)).toEqual([200, 200, 200, 200]);
    await order('heal', 'node-hung');
    await expect(order('put-node-back', 'app-2')).rejects.toThrow('app-2 is not running');
  });

  test('is restarted when nothing is in flight any more, and no payment is lost', async () => {
    await order('inject', 'bank-slow');
    const waiting = [1, 2, 3].map(() => pay({ order: newOrder() }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const failed = sandbox.payments().failed;
    expect(await order('restart-drained', 'app')).toMatch(/app restarted: [1-9]\d* in flight when drained, 0 after \d{3,} ms/);
    expect((await Promise.all(waiting)).map(({ result }) => result)).toEqual([200, 200, 200]);
    await order('heal', 'bank-slow');
    expect(
      await until(
        () => pay({ order: newOrder() }),
        ({ result }) => result === 200,
      ),
    ).toMatchObject({ result: 200 });
    expect(sandbox.payments().failed).toBe(failed);
  });
});
