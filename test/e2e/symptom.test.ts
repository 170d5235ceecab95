import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
});
afterAll(() => desk.leave());

// A narrower playbook would look at the card switch and not at the file, the disk or the name that broke it.
test.each(['POS terminals cannot connect', '支付失败', 'the amount is wrong, order paid twice'])(
  'what people see never narrows what is looked at: %s',
  async (symptom) => {
    const { stdout } = await desk.run(['run', '--no-input', '--json', '--deadline', '2s', '--symptom', symptom]);
    expect(JSON.parse(stdout).playbook.id).toBe('payment-gateway');
  },
);
