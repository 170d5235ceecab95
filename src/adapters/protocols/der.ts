/** As much of DER (X.690) as the certificate's signature algorithm and an OCSP answer need. Throws on what is cut off. */
export interface Node {
  readonly tag: number;
  readonly body: Buffer;
  /** With its tag and length, as it is signed. */
  readonly whole: Buffer;
}

export function readDer(bytes: Buffer): Node {
  const [first] = readAll(bytes);
  if (!first) throw new RangeError('no DER');
  return first;
}

export function childrenOf({ body }: Node): Node[] {
  return readAll(body);
}

function readAll(bytes: Buffer): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const from = at;
    const tag = bytes.readUInt8(at);
    let length = bytes.readUInt8(at + 1);
    let start = at + 2;
    if (length & 0x80) {
      const bytesOfLength = length & 0x7f;
      if (bytesOfLength < 1 || bytesOfLength > 4) throw new RangeError('a length of unknown form');
      length = bytes.readUIntBE(start, bytesOfLength);
      start += bytesOfLength;
    }
    if (start + length > bytes.length) throw new RangeError('cut off');
    nodes.push({ tag, body: bytes.subarray(start, start + length), whole: bytes.subarray(from, start + length) });
    at = start + length;
  }
  return nodes;
}

/** GeneralizedTime `20260115143625Z`, epoch ms; null for anything else. */
export function timeOf(node: Node | undefined): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(node?.body.toString('latin1') ?? '');
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
