import type { Host, Protocols } from '../../ports.ts';
import { connectTo } from './connect.ts';
import { queryDns } from './dns.ts';
import { askTime } from './sntp.ts';
import type { AskStores } from './store-verdicts.ts';
import type { TrustStores } from './trust.ts';
import { createTurns } from './turns.ts';

/**
 * Application protocols as seen from a host: its network, its files, its trust anchors. `isLocal`: this process runs there.
 * What brings TLS or a client with it is loaded on first use.
 */
export function createProtocols(host: Host, { isLocal = true }: { readonly isLocal?: boolean } = {}): Protocols {
  const vantage = { host, isLocal };
  let known: TrustStores | undefined;
  const trustStores: TrustStores = async (caFile) => {
    const { createTrustStores } = await import('./trust.ts');
    known ??= createTrustStores(host);
    return known(caFile);
  };
  let questions: AskStores | undefined;
  const askStores: AskStores = async (chain, files) => {
    const { createStoreQuestions } = await import('./store-verdicts.ts');
    questions ??= createStoreQuestions(host);
    return questions(chain, files);
  };
  const clients = { host, vantage, trustStores, turns: createTurns() };
  return {
    connect: (address, options) => connectTo(vantage, address, options),
    http: async (request) => (await import('./http.ts')).exchangeHttp(vantage, request, trustStores),
    tls: async (request) => (await import('./tls.ts')).inspectTls(vantage, request, { host, trustStores, askStores }),
    certificatesInFile: async (path, passphrase) => {
      const { describeCertificate, readCertificates } = await import('./certificates.ts');
      return (await readCertificates(host, path, passphrase)).map(describeCertificate);
    },
    dns: (query) => queryDns(vantage, query),
    sntp: (server, options) => askTime(host, server, options),
    sql: async (request) => (await import('./sql.ts')).openSql(clients, request),
    redis: async (request) => (await import('./redis.ts')).openRedis(clients, request),
    sign: async (request) => (await import('./signatures.ts')).signText(request),
    checkSignature: async (request) => (await import('./signatures.ts')).checkSignature(host, request),
    exchange: async (request) => (await import('./exchange.ts')).exchangeFrames(vantage, request),
  };
}
