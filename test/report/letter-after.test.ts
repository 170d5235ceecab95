import { describe, expect, it } from 'vitest';
import type { Telling } from '../../src/report/incident.ts';
import { listCustomers } from '../../src/report/letter-after.ts';
import { openSuite } from '../playbooks/fixture.ts';

const suite = openSuite('gateway-emergency');

async function told(file: string, language: Telling['language']): Promise<string> {
  const fixture = suite.fixtures.find((each) => each.file === file);
  if (!fixture) throw new Error(`there is no ${file}`);
  return listCustomers({ ...(await suite.play(fixture)), language, registry: suite.registry } as unknown as Telling);
}

describe('what a review is told of customers', () => {
  it('is what the look at the payment log counted, in both languages', async () => {
    expect(await told('both-channels-down.yaml', 'en')).toBe(
      '140 of 190 customers met a failure: 2.6 tries each (at most 9); 61 got through after 4 min (median), 79 did not; 4 may have paid twice; ',
    );
    expect(await told('both-channels-down.yaml', 'zh-CN')).toContain('190 个客户中 140 个遇到失败：人均 2.6 次（最多 9 次）');
    expect(await told('healthy.yaml', 'en')).toBe('none of 390 customers met a failure of ours; ');
  });
});
