/** A DNS server for A records over UDP (RFC 1035), authoritative for what its zone file says. */
import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import type { Service } from './listening.ts';

export interface NameServerOptions {
  readonly zoneFile: string;
  readonly host: string;
  readonly port: number;
}

interface DnsRecord {
  readonly address: string;
  readonly ttl: number;
}

export function createNameServer({ zoneFile, host, port }: NameServerOptions): Service {
  let socket: Socket | undefined;
  let zone = new Map<string, DnsRecord[]>();
  const service = {
    name: 'dns',
    get running() {
      return socket !== undefined;
    },
    async start() {
      if (socket) return;
      zone = readZone(zoneFile);
      const opened = createSocket('udp4');
      opened.on('message', (query, peer) => {
        const reply = answer(query, zone);
        if (reply) opened.send(reply, peer.port, peer.address, () => {});
      });
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject);
        opened.bind(port, host, resolve);
      });
      opened.on('error', () => {});
      socket = opened;
    },
    async stop() {
      const closing = socket;
      socket = undefined;
      if (closing) await new Promise<void>((resolve) => closing.close(resolve));
    },
    async reload() {
      zone = readZone(zoneFile);
    },
  };
  return service;
}

/** Lines `name. TTL IN A address`. */
function readZone(file: string): Map<string, DnsRecord[]> {
  const zone = new Map<string, DnsRecord[]>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const match = /^(\S+?)\.?\s+(\d+)\s+IN\s+A\s+(\d+\.\d+\.\d+\.\d+)\s*$/.exec(line);
    if (!match) continue;
    const [, name = '', ttl, address = ''] = match;
    const key = name.toLowerCase();
    zone.set(key, [...(zone.get(key) ?? []), { address, ttl: Number(ttl) }]);
  }
  return zone;
}

const HEADER_BYTES = 12;
const TYPE_A = 1;
const FLAGS_ANSWER = 0x8580;
const NO_SUCH_NAME = 3;

function answer(query: Buffer, zone: ReadonlyMap<string, DnsRecord[]>): Buffer | undefined {
  const question = readQuestion(query);
  if (!question) return undefined;
  const records = zone.get(question.name);
  const found = question.type === TYPE_A ? (records ?? []) : [];
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(FLAGS_ANSWER | (records ? 0 : NO_SUCH_NAME), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, question.end), ...found.map(encodeRecord)]);
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } | undefined {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  while (at < query.length && query[at] !== 0) {
    const size = query[at] as number;
    // 63 is the longest label; more means a compression pointer, which a question has no use for.
    if (size > 63) return undefined;
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += size + 1;
  }
  if (at + 5 > query.length) return undefined;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function encodeRecord({ address, ttl }: DnsRecord): Buffer {
  const record = Buffer.alloc(16);
  // 0xc00c points back at the name of the question.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(ttl, 6);
  record.writeUInt16BE(4, 10);
  address.split('.').forEach((part, index) => {
    record[12 + index] = Number(part);
  });
  return record;
}
