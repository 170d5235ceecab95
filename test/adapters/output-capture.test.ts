import { describe, expect, it } from 'vitest';
import { createOutputCapture } from '../../src/adapters/output-capture.ts';

function capture(limit: number, ...chunks: string[]) {
  const output = createOutputCapture(limit);
  for (const chunk of chunks) output.add(Buffer.from(chunk));
  return output;
}

it('returns all of what fits, however it is cut', () => {
  const text = 'line 1\nzwei 二\n';
  for (let size = 1; size <= 5; size += 1) {
    const bytes = Buffer.from(text);
    const output = createOutputCapture(bytes.length);
    for (let at = 0; at < bytes.length; at += size) output.add(bytes.subarray(at, at + size));
    expect(output).toMatchObject({ truncated: false, totalBytes: bytes.length });
    expect(output.text()).toBe(text);
  }
});

it('keeps the last bytes right around the end of its ring', () => {
  for (let count = 1; count <= 60; count += 1) {
    const lines = Array.from({ length: count }, (_value, index) => `l${index};\n`);
    const output = capture(40, ...lines);
    const whole = lines.join('');
    if (whole.length <= 40) expect(output.text()).toBe(whole);
    else expect(whole.endsWith(output.bytes().subarray(20).toString())).toBe(true);
    expect(output.totalBytes).toBe(whole.length);
  }
});

it('gives less of it on demand: its beginning and its end, whether the rest was kept or not', () => {
  const lines = Array.from({ length: 4_000 }, (_, index) => `line ${index}\n`).join('');
  for (const limit of [20_000, 40_000, 1_000_000]) {
    const output = capture(limit, lines);
    const text = output.text(10_000);
    expect(Buffer.byteLength(text)).toBeLessThan(10_100);
    const [, first, left, last] = /^(line 0\n[\s\S]*)\n\[\.\.\. (\d+) bytes left out \.\.\.\]\n([\s\S]*line 3999\n)$/.exec(text) ?? [];
    expect(lines.startsWith(String(first))).toBe(true);
    expect(lines.endsWith(String(last))).toBe(true);
    expect(`${first}${last}`.length + Number(left)).toBe(lines.length);
    expect(output.text(limit)).toBe(output.text());
  }
});

it('takes one chunk that is larger than everything', () => {
  const output = capture(20, `head.\n${'x'.repeat(5000)}\ntail.\n`);
  expect(output.truncated).toBe(true);
  expect(output.text()).toMatch(/^head\.\n\n\[\.\.\. 5001 bytes left out \.\.\.\]\ntail\.\n$/);
});

describe('a cut', () => {
  it('leaves no piece of a card number or a token, and no value without its keyword', () => {
    const record = 'a,"pan":"4111 1111 1111 1111","t":"Bearer abc.def-ghi_jkl=="},';
    for (let limit = 20; limit < 200; limit += 1) {
      const output = capture(limit, record.repeat(40));
      expect(output.truncated).toBe(true);
      const rest = output.text().replaceAll('"pan":"4111 1111 1111 1111"', '').replaceAll('"t":"Bearer abc.def-ghi_jkl=="', '');
      expect(rest).not.toMatch(/4111|111|abc|ghi|jkl/);
    }
  });

  it('falls between lines where there are any', () => {
    for (let limit = 60; limit < 200; limit += 1) {
      const lines = capture(limit, 'user: bob, admin\npassword: hunter2\n'.repeat(40)).text().split('\n');
      for (const line of lines) expect(line).toMatch(/^(user: bob, admin|password: hunter2|\[\.\.\. .*\]|)$/);
    }
  });

  it('goes into a long word only past the window', () => {
    const text = capture(20_000, `first ${'x'.repeat(30_000)} last`).text();
    expect(text).toMatch(/^first x{5898}\n\[\.\.\. 18203 bytes left out \.\.\.\]\nx{5899} last$/);
  });

  it('leaves no half of a character', () => {
    for (let limit = 10; limit < 40; limit += 1) expect(capture(limit, '支付网关,故障\n'.repeat(20)).text()).not.toContain('\ufffd');
  });
});

it('holds what it keeps and no copy of it, and nothing once it is released', () => {
  const MIB = 1024 * 1024;
  const held = () => process.memoryUsage().arrayBuffers / MIB;
  const piece = Buffer.alloc(MIB / 16, 'line of text\n');
  const before = held();
  const output = createOutputCapture(8 * MIB);
  for (let added = 0; added < 320; added += 1) output.add(piece);
  expect(held() - before).toBeLessThan(8.5);
  for (let told = 0; told < 4; told += 1) output.text();
  expect(held() - before).toBeLessThan(8.5);
  output.release();
  expect(held() - before).toBeLessThan(0.5);
});
