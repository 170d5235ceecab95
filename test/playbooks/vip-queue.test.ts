import { describe, expect, it } from 'vitest';
import type { NamedText } from '../../src/cli/services.ts';
import { openSuite } from './fixture.ts';

async function paramsOfQueue(change?: (text: string) => string): Promise<unknown> {
  const suite = openSuite('gateway-emergency', ({ file, text }: NamedText) => ({ file, text: change?.(text) ?? text }));
  const fixture = suite.fixtures.find(({ file }) => file === 'both-channels-down.yaml');
  if (!fixture) throw new Error('there is no both-channels-down.yaml');
  const { session } = await suite.play(fixture);
  const result = session.results.get('vip_queue');
  return result?.status === 'warn' ? result.params : result?.reason;
}

describe('the queue of gateway-emergency', () => {
  it('reads times by the zone of the site, and amounts in the one currency of its logs', async () => {
    expect(await paramsOfQueue()).toMatchObject({ zone: 'Asia/Shanghai', currency: 'CNY' });
  });

  it('is sorted without them, too', async () => {
    const bare = await paramsOfQueue((text) => text.replace(/^time: .*\n/m, '').replace(', currency: CNY', ''));
    expect(bare).toMatchObject({ zone: null, currency: null });
  });

  it('takes no currency for the one of all where logs name several', async () => {
    const two = '\n  - { name: euro, from: { file: /var/log/till/euro.log }, format: kv, currency: EUR }\ntime:';
    expect(await paramsOfQueue((text) => text.replace('\ntime:', two))).toMatchObject({ zone: 'Asia/Shanghai', currency: null });
  });
});
