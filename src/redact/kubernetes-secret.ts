import { type Span, secretSpan } from './span.ts';

const KIND = /\bkind\\{0,3}["']?[ \t]{0,4}:[ \t]{0,4}\\{0,3}["']?secret(?![A-Za-z])/gi;
const END_OF_DOCUMENT = /\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
/** No manifest is longer, or what is behind it is no part of it. */
const REACH = 64 * 1024;
const DATA = /(?:^|\n)([ \t]*)["']?(?:data|stringData|binaryData)["']?:[ \t]*(?:#[^\n]*)?\r?\n/g;
const ENTRY = /^[ \t]*["']?[\w.-]{1,253}["']?:[ \t]*([^\n]*?)[ \t\r]*$/;
const DATA_OF_JSON = /\\{0,3}"(?:data|stringData)\\{0,3}"[ \t]{0,4}:\s{0,24}\{([^{}]{1,32768})\}/g;
const ENTRY_OF_JSON = /\\{0,3}"[\w.-]{1,253}\\{0,3}"\s{0,4}:\s{0,24}\\{0,3}"([^"\\]{1,32768})/g;
/** A template's hole, an empty value, a reference, one of our marks, and what SOPS has sealed. */
const STAND_IN = /^(?:["']{0,2}$|["']?(?:\{\{|\$|<|\[SECRET:|ENC\[|null$|~$))/;

/** The values of a Secret of Kubernetes, in YAML and in JSON: whatever their names, they were put there because they are secret. */
export function findKubernetesSecrets(text: string): readonly Span[] {
  if (!/[Ss]ecret/.test(text) || !text.includes('ata')) return [];
  const spans: Span[] = [];
  let done = 0;
  for (const { index } of text.matchAll(KIND)) {
    if (index < done) continue;
    const from = startOfDocument(text, index);
    const behind = text.slice(index, index + REACH);
    const to = index + (END_OF_DOCUMENT.exec(behind)?.index ?? behind.length);
    const document = text.slice(from, to);
    spans.push(...inYaml(document, from), ...inJson(document, from));
    done = to;
  }
  return spans;
}

function startOfDocument(text: string, at: number): number {
  const from = Math.max(0, at - REACH);
  const border = text.slice(from, at).lastIndexOf('\n---');
  return border === -1 ? from : from + border + 1;
}

/** The lines below `data:` that are further in; of a block all lines. */
function inYaml(document: string, from: number): Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const { 0: head, 1: indent = '', index } of document.matchAll(DATA)) {
    if (index < done) continue;
    let entry = '';
    for (let at = index + head.length; at < document.length; at = done) {
      const lineEnd = document.indexOf('\n', at);
      done = lineEnd === -1 ? document.length : lineEnd + 1;
      const line = document.slice(at, lineEnd === -1 ? document.length : lineEnd);
      if (/^\s*(?:#|$)/.test(line)) continue;
      const own = /^[ \t]*/.exec(line)?.[0] ?? '';
      if (own.length <= indent.length) break;
      if (entry !== '' && own.length > entry.length) {
        spans.push(...spanOfValue(line.trim(), from + at + own.length));
        continue;
      }
      entry = own;
      const value = ENTRY.exec(line)?.[1] ?? '';
      if (!/^[|>][-+\d]*$/.test(value)) spans.push(...spanOfValue(value, from + at + line.lastIndexOf(value)));
    }
  }
  return spans;
}

function inJson(document: string, from: number): Span[] {
  return Array.from(document.matchAll(DATA_OF_JSON)).flatMap(({ 0: whole, 1: entries = '', index }) => {
    const start = from + index + whole.length - 1 - entries.length;
    return Array.from(entries.matchAll(ENTRY_OF_JSON)).flatMap(({ 0: entry, 1: value = '', index: at }) =>
      spanOfValue(value, start + at + entry.length - value.length),
    );
  });
}

function spanOfValue(value: string, at: number): Span[] {
  if (STAND_IN.test(value)) return [];
  const quote = /^(["']).*\1$/s.test(value) ? 1 : 0;
  return [secretSpan('kubernetes-secret', at + quote, at + value.length - quote)];
}
