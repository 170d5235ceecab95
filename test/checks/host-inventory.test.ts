import { describe, expect, it } from 'vitest';
import { readInventory } from '../../src/adapters/local-inventory.ts';
import { hostInventory } from '../../src/checks/host-inventory.ts';
import { fakeHost } from './fake-host.ts';

const SERVER = {
  maker: 'Acme',
  model: 'R740',
  virtual: false,
  processor: 'Intel Xeon',
  cores: 16,
  memoryBytes: 68_719_476_736,
  memoryModules: [{ sizeBytes: 34_359_738_368, type: 'DDR4', ecc: true }],
  disks: [{ device: '/dev/sda', model: 'SSD', type: 'SSD', sizeBytes: 1e12 }],
  battery: null,
};

describe('host.inventory', () => {
  it('lists what the host says, with the time', async () => {
    const context = fakeHost({ inventory: SERVER });
    const facts = await hostInventory.probe({}, context);
    expect(facts).toMatchObject({ ...SERVER, observedAt: context.host.now().wallMs });
    expect(hostInventory.judge(facts, {}, undefined)).toMatchObject({
      status: 'ok',
      code: 'listed',
      data: { machine: 'Acme R740', cores: 16, modules: 1, disks: 1 },
    });
  });

  it('reads this machine', async () => {
    const found = await readInventory();
    expect(found.cores).toBeGreaterThan(0);
    expect(found.memoryBytes).toBeGreaterThan(2 ** 27);
  });

  it('gives up at its deadline', async () => {
    await expect(readInventory({ timeoutMs: 1 })).rejects.toMatchObject({ reason: 'timed-out' });
  });
});
