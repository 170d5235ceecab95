import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { chanceOf } from './renderings.ts';
import { SECRET_KINDS } from './secret-cases.ts';

/** The names are no literals: types of a package for tests alone are not asked for. */
const PACKAGES = { core: '@secretlint/core', rules: '@secretlint/secretlint-rule-preset-recommend' };

interface Secretlint {
  lintSource(given: object): Promise<{ readonly messages: readonly { readonly ruleId: string }[] }>;
}

async function load(): Promise<((text: string) => Promise<readonly string[]>) | undefined> {
  try {
    const { lintSource } = (await import(PACKAGES.core as string)) as Secretlint;
    const { creator } = (await import(PACKAGES.rules as string)) as { readonly creator: object };
    return async (content) => {
      const source = { filePath: '/evidence/app.log', content, contentType: 'text', ext: '.log' };
      const { messages } = await lintSource({
        source,
        options: { config: { rules: [{ id: 'preset', rule: creator }] }, noPhysicFilePath: true },
      });
      return messages.map(({ ruleId }) => ruleId);
    };
  } catch {
    process.stderr.write('skipped: secretlint is not installed here (npm ci)\n');
    return undefined;
  }
}

/** A mark in the place of a password is a password to it. */
function withoutMarks(text: string): string {
  return text.replace(/\[SECRET:[a-z0-9-]+\]/g, '');
}

const lint = await load();

describe.skipIf(lint === undefined)("secretlint's opinion", () => {
  const chance = chanceOf(4711);
  const cases = Object.entries(SECRET_KINDS).flatMap(([kind, make]) => Array.from({ length: 4 }, () => ({ kind, ...make(chance) })));

  it('finds secrets in what came in, and none in what went out', async () => {
    const redactor = createRedactor();
    const found = new Set<string>();
    for (const { kind, text } of cases) {
      if (((await lint?.(text)) ?? []).length > 0) found.add(kind);
      expect({ text, found: await lint?.(withoutMarks(redactor.text(text).text)) }).toEqual({ text, found: [] });
    }
    expect(found.size).toBeGreaterThan(10);
  });
});
