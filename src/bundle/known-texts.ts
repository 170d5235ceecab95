/**
 * A playbook that this program ships stands in a bundle as its file and in the journal. It holds nothing of the site, and its letters are the
 * larger part of all there is to search: where it stands to the letter it is left out of the search. Pure.
 */

/** One byte, one character: what is found at a place of the text is at that place of the bytes. */
const BYTES = new TextDecoder('latin1');

/** Each text as a file has it and as JSON has it, byte by byte. */
export function formsOf(texts: readonly string[]): readonly string[] {
  const encoder = new TextEncoder();
  return texts
    .filter((text) => text !== '')
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1)])
    .map((form) => BYTES.decode(encoder.encode(form)));
}

/** A space stands where one of them was. */
export function withoutTexts(bytes: Uint8Array, forms: readonly string[]): Uint8Array {
  const fitting = forms.filter((form) => form.length <= bytes.length);
  if (fitting.length === 0) return bytes;
  const text = BYTES.decode(bytes);
  const places = fitting.flatMap((form) => placesOf(text, form)).sort((one, other) => one.from - other.from || other.to - one.to);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { from, to } of places) {
    if (from < at) continue;
    parts.push(bytes.subarray(at, from), SPACE);
    at = to;
  }
  return at === 0 ? bytes : joined([...parts, bytes.subarray(at)]);
}

const SPACE = Uint8Array.of(0x20);

function placesOf(text: string, form: string): readonly { readonly from: number; readonly to: number }[] {
  const places: { from: number; to: number }[] = [];
  for (let from = text.indexOf(form); from !== -1; from = text.indexOf(form, from + form.length))
    places.push({ from, to: from + form.length });
  return places;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
