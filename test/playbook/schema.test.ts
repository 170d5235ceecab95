import { describe, expect, it } from 'vitest';
import { checks } from '../checks/registry.ts';
import { playbookSchema, profileSchema } from './generate-schema.ts';

function render(schema: unknown): string {
  return `${JSON.stringify(schema, null, 1)}\n`;
}

// To write them anew: npx vitest run test/playbook/schema.test.ts -u
describe('the schemas for editors', () => {
  it('playbook.v1.json is current', async () => {
    await expect(render(playbookSchema(checks))).toMatchFileSnapshot('../../playbooks/schema/playbook.v1.json');
  });

  it('profile.v1.json is current', async () => {
    await expect(render(profileSchema(checks))).toMatchFileSnapshot('../../playbooks/schema/profile.v1.json');
  });
});
