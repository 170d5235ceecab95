import { describe, expect, it } from 'vitest';
import { createProblemTeller } from '../../src/cli/masked-problem.ts';
import type { Problem } from '../../src/playbook/playbook.ts';

const CARD = '4111111111111111';
const tell = await createProblemTeller();

function problem(line: number, col: number, message: string, hint?: string): Problem {
  return { file: 'own.yaml', line, col, length: 5, code: 'x', message, severity: 'error', ...(hint !== undefined && { hint }) };
}

describe('a problem of a file that holds what it should not', () => {
  it('shows the line at fault without a card number, the caret where it was', () => {
    const shown = tell.format(problem(2, 1, 'unknown key crad'), `oor: 1\ncrad: { test: ${CARD} }\n`);
    expect(shown).toContain('crad: { test: 411111******1111 }\n    ^^^^^');
    expect(shown).not.toContain(CARD);
  });

  it('takes what a key gave away out of the message and the hint, too', () => {
    const text = 'databases:\n  - name: main\n    password: tulip-and-rose\n';
    const shown = tell.format(problem(3, 15, 'password: expected a map of keys, got tulip-and-rose', 'quote it: "tulip-and-rose"'), text);
    expect(shown).not.toContain('tulip');
    expect(shown).toContain('password: ');
    expect(tell.problem(problem(3, 15, 'got tulip-and-rose'), text).message).toBe('got [removed]');
  });

  it('shows no line where lines went with a private key', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj'.replaceAll('\n', '\n  ');
    const text = `key: |\n  -----BEGIN PRIVATE KEY-----\n  ${body}\n  -----END PRIVATE KEY-----\nnmae: x\n`;
    const shown = tell.format(problem(4, 3, 'unexpected'), text);
    expect(shown).not.toMatch(/MIIEvQ|BKcwgg/);
    expect(shown).toContain('own.yaml:4:3');
  });

  it('shows an ordinary line as it is', () => {
    expect(tell.format(problem(1, 6, 'expected 1, got 2'), 'oor: 2\n')).toBe(
      'own.yaml:1:6: error: expected 1, got 2\n    oor: 2\n         ^',
    );
  });
});
