import type { Host, Protocols } from '../../ports.ts';
import { describeCertificate, readCertificates } from './certificates.ts';
import { connectTo } from './connect.ts';
import { queryDns } from './dns.ts';
import { exchangeFrames } from './exchange.ts';
import { exchangeHttp } from './http.ts';
import { openRedis } from './redis.ts';
import { askTime } from './sntp.ts';
import { openSql } from './sql.ts';
import { createStoreQuestions } from './store-verdicts.ts';
import { inspectTls } from './tls.ts';
import { createTrustStores } from './trust.ts';
import { createTurns } from './turns.ts';

/** Application protocols as seen from a host: its network, its files, its trust anchors. `isLocal`: this process runs there. */
export function createProtocols(host: Host, { isLocal = true }: { readonly isLocal?: boolean } = {}): Protocols {
  const vantage = { host, isLocal };
  const trustStores = createTrustStores(host);
  const askStores = createStoreQuestions(host);
  const clients = { host, vantage, trustStores, turns: createTurns() };
  return {
    connect: (address, options) => connectTo(vantage, address, options),
    http: (request) => exchangeHttp(vantage, request, trustStores),
    tls: (request) => inspectTls(vantage, request, { host, trustStores, askStores }),
    certificatesInFile: async (path) => (await readCertificates(host, path)).map(describeCertificate),
    dns: (query) => queryDns(vantage, query),
    sntp: (server, options) => askTime(host, server, options),
    sql: (request) => openSql(clients, request),
    redis: (request) => openRedis(clients, request),
    exchange: (request) => exchangeFrames(vantage, request),
  };
}
