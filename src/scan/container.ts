export interface Item {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const MAGIC: readonly (readonly [kind: 'gzip' | 'opaque', bytes: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['opaque', [0x50, 0x4b, 0x03, 0x04]], // zip
  ['opaque', [0x42, 0x5a, 0x68]], // bzip2
  ['opaque', [0xfd, 0x37, 0x7a, 0x58, 0x5a]], // xz
  ['opaque', [0x28, 0xb5, 0x2f, 0xfd]], // zstd
  ['opaque', [0x37, 0x7a, 0xbc, 0xaf]], // 7z
  ['opaque', [0x52, 0x61, 0x72, 0x21]], // rar
];

/** What kind of container the bytes are; opaque: one that cannot be opened here. */
export function containerKind(bytes: Uint8Array): 'gzip' | 'tar' | 'opaque' | undefined {
  const found = MAGIC.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte));
  if (found !== undefined) return found[0];
  return bytes.length >= BLOCK && latin1(bytes.subarray(257, 262)) === 'ustar' ? 'tar' : undefined;
}

/**
 * The entries of a tar, names and contents, in memory. Every header field that holds text counts as a part of the name:
 * an owner or a link target leaves with the archive as well. undefined in place of an item: the rest cannot be read.
 */
export function* tarItems(bytes: Uint8Array): Generator<Item | undefined> {
  let longName = '';
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const size = sizeOf(header);
    if (size === undefined || at + BLOCK + size > bytes.length) return yield undefined;
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    const type = String.fromCharCode(header[156] ?? 0);
    // Extended headers hold the name of what follows.
    if ('xgLK'.includes(type) && type !== '\0') longName += ` ${textOf(content)}`;
    else {
      yield { name: nameOf(header, longName), bytes: content };
      longName = '';
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  if (bytes.length % BLOCK !== 0) yield undefined;
}

function nameOf(header: Uint8Array, longName: string): string {
  const fields = [
    header.subarray(345, 500),
    header.subarray(0, 100),
    header.subarray(157, 257),
    header.subarray(265, 297),
    header.subarray(297, 329),
  ];
  const [prefix = '', name = '', ...others] = fields.map(textOf);
  const path = longName.trim() || [prefix, name].filter((part) => part !== '').join('/');
  return [path, ...others.filter((part) => part !== '' && part !== 'root')].join(' ');
}

/** Octal digits; or, past 8 GiB, binary. */
function sizeOf(header: Uint8Array): number | undefined {
  if (((header[124] ?? 0) & 0x80) !== 0) return undefined;
  const digits = textOf(header.subarray(124, 136)).trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
