/** Spaces and line ends between the digits are free. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function fromText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function toHexText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
