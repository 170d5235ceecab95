import { type Span, secretSpan } from './span.ts';

/**
 * A key as HSMs exchange it (ANSI X9.143, formerly TR-31): version, length of the whole in four digits, use, algorithm, mode, version of
 * the key, exportability, number of optional blocks, reserved; then the sealed key and its authenticator in hexadecimal digits. Those under
 * the local master key of payShield have an S before it. The length that the block tells of itself proves it.
 */
const KEY_BLOCK =
  /[ABCD01](?<![A-RT-Za-z0-9].|[A-Za-z0-9]S.)\d{4}[A-Z0-9]{2}[ADEHRST0][BCDEGNSTVXY0][A-Za-z0-9]{2}[ENS]\d{2}[0-9A-Z]{2}[0-9A-Z]{32,2048}(?![A-Za-z0-9])/g;

export function findKeyBlocks(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const { 0: block, index } of text.matchAll(KEY_BLOCK))
    if (Number(block.slice(1, 5)) === block.length) spans.push(secretSpan('hsm-key', index, index + block.length));
  return spans;
}
