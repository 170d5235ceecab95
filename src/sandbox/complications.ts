/** What can go wrong beside a fault: a backup that is no better, one bank that is away, one node that hangs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Breakage } from './breakage.ts';
import { addSpareNode, drainNode } from './nodes.ts';
import { SPARE_NODE } from './stack.ts';

export const AWAY_ISSUER = '622848';

export const complications: Readonly<Record<string, Breakage>> = {
  'backup-5xx': {
    inject: ({ backup }) => backup.behave({ refusal: { status: 503, error: 'internal_error' } }),
    heal: ({ backup }) => backup.behave({}),
  },
  'backup-down': { inject: ({ backup }) => backup.stop(), heal: ({ backup }) => backup.start() },
  // Its health page is well; what it takes in it does not pay.
  'backup-refuses': {
    inject: ({ backup }) => backup.behave({ chargeRefusal: { status: 500, error: 'internal_error' } }),
    heal: ({ backup }) => backup.behave({}),
  },
  'issuer-down': { inject: ({ bank }) => bank.behave({ issuers: { [AWAY_ISSUER]: '91' } }), heal: ({ bank }) => bank.behave({}) },
  'node-hung': {
    async inject(stack) {
      await addSpareNode(stack);
      writeFileSync(join(stack.paths.spareJobs, 'fee-recalculation.job'), '{"task":"fee-recalculation"}\n');
      stack.spareApp.scanJobs();
    },
    async heal(stack) {
      drainNode(stack, SPARE_NODE);
      await stack.spareApp.stop();
    },
  },
};
