import type { Host, Protocols } from '../../ports.ts';
import { describeCertificate, readCertificates } from './certificates.ts';
import { connectTo } from './connect.ts';
import { queryDns } from './dns.ts';
import { exchangeHttp } from './http.ts';
import { askTime } from './sntp.ts';
import { inspectTls } from './tls.ts';
import { createTrustStores } from './trust.ts';

/** Application protocols as seen from a host: its network, its files, its trust anchors. */
export function createProtocols(host: Host): Protocols {
  const trustStores = createTrustStores(host);
  return {
    connect: (address, options) => connectTo(host, address, options),
    http: (request) => exchangeHttp(host, request, trustStores),
    tls: (request) => inspectTls(host, request, trustStores),
    certificatesInFile: async (path) => (await readCertificates(host, path)).map(describeCertificate),
    dns: (query) => queryDns(host, query),
    sntp: (server, options) => askTime(host, server, options),
  };
}
