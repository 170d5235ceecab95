/** The files of the site: where they are and what they say on a good day. */
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authorities, KeyPair } from './authorities.ts';
import { CURRENT_BUILD, installBuild, OLD_BUILD, writeBuild } from './release.ts';

/** Addresses and ports of everything that listens. */
export interface Places {
  readonly entryName: string;
  readonly entryAddresses: readonly string[];
  readonly web: number;
  readonly app: number;
  /** Of the spare node. */
  readonly spareApp: number;
  readonly store: number;
  readonly dns: number;
  readonly bank: { readonly host: string; readonly port: number };
  readonly backup: { readonly host: string; readonly port: number };
  readonly time: readonly number[];
  /** Of the card line: where terminals come in, and the acquirer. */
  readonly card: { readonly port: number; readonly peer: { readonly host: string; readonly port: number } };
  /** Nothing listens here. */
  readonly unused: number;
}

export const LOOPBACK = '127.0.0.1';
export const BANK_NAME = 'api.bank.test';
export const BACKUP_NAME = 'api.backup-bank.test';

export type ConfigOwner = 'web' | 'app' | 'dns';

export interface SitePaths {
  readonly dir: string;
  readonly profile: string;
  readonly config: Readonly<Record<ConfigOwner, string>>;
  readonly lastGood: Readonly<Record<ConfigOwner, string>>;
  /** Who gets new orders: `primary`, `backup` or `backup 25%`. */
  readonly channel: string;
  /** First digits of cards whose payments go a way of their own, as JSON. */
  readonly routes: string;
  /** Functions of the shop that are switched off, and what a restore brings back, as JSON lists. */
  readonly closedFunctions: string;
  readonly restoreList: string;
  /** How long an order is held that could not be paid, in ms, or null. */
  readonly hold: string;
  readonly held: string;
  readonly banner: string;
  /** The nodes of the application that get requests, a line each. */
  readonly rotation: string;
  readonly jobs: string;
  readonly spareJobs: string;
  readonly certificate: string;
  readonly certificateKey: string;
  readonly renewedCertificate: string;
  readonly renewedKey: string;
  readonly entryCa: string;
  readonly providerCa: string;
  readonly release: string;
  readonly currentPackage: string;
  readonly oldPackage: string;
  readonly data: string;
  readonly spool: string;
  readonly log: Readonly<Record<'access' | 'error' | 'app' | 'store' | 'cards' | 'payments', string>>;
  readonly controlSocket: string;
}

export interface Keys {
  readonly bank: string;
  readonly backup: string;
}

const DAY = 86_400_000;

export function layOut(dir: string): SitePaths {
  const at = (...parts: string[]) => join(dir, ...parts);
  return {
    dir,
    profile: at('oor.yaml'),
    config: { web: at('etc', 'web.conf'), app: at('etc', 'paygw.env'), dns: at('etc', 'zone') },
    lastGood: { web: at('etc', 'last-good', 'web.conf'), app: at('etc', 'last-good', 'paygw.env'), dns: at('etc', 'last-good', 'zone') },
    channel: at('etc', 'channel'),
    routes: at('etc', 'routes.json'),
    closedFunctions: at('etc', 'closed-functions.json'),
    restoreList: at('etc', 'restore-list.json'),
    hold: at('etc', 'hold.json'),
    held: at('data', 'held'),
    banner: at('etc', 'banner.json'),
    rotation: at('etc', 'rotation'),
    jobs: at('etc', 'jobs'),
    spareJobs: at('etc', 'jobs-2'),
    certificate: at('tls', 'entry.pem'),
    certificateKey: at('tls', 'entry.key'),
    renewedCertificate: at('tls', 'renewed', 'entry.pem'),
    renewedKey: at('tls', 'renewed', 'entry.key'),
    entryCa: at('tls', 'ca.pem'),
    providerCa: at('tls', 'provider-ca.pem'),
    release: at('paygw'),
    currentPackage: at('packages', CURRENT_BUILD.version),
    oldPackage: at('packages', OLD_BUILD.version),
    data: at('data'),
    spool: at('data', 'spool'),
    log: {
      access: at('log', 'access.log'),
      error: at('log', 'error.log'),
      app: at('log', 'app.log'),
      store: at('log', 'store.log'),
      cards: at('log', 'switch.log'),
      payments: at('log', 'payments.log'),
    },
    controlSocket: at('run', 'control.sock'),
  };
}

/** Every file as it was left weeks ago: a file that changes tonight shows it by its date. */
export function writeSite(paths: SitePaths, places: Places, authorities: Authorities, keys: Keys, now: number): void {
  const weeksAgo = new Date(now - 24 * DAY);
  for (const folder of ['etc', 'etc/last-good', 'etc/jobs', 'etc/jobs-2', 'tls', 'tls/renewed', 'log', 'data/spool'])
    mkdirSync(join(paths.dir, folder), { recursive: true });
  const entry = authorities.entry();
  const renewed = authorities.entry();
  const files: readonly (readonly [string, string])[] = [
    [paths.config.web, webConfig(paths, places)],
    [paths.config.app, appEnvironment(paths, places, keys)],
    [paths.config.dns, zone(places)],
    [paths.channel, 'primary\n'],
    [paths.routes, '{}\n'],
    [paths.closedFunctions, '[]\n'],
    [paths.restoreList, '[]\n'],
    [paths.hold, 'null\n'],
    [paths.banner, 'null\n'],
    [paths.rotation, 'app\n'],
    [paths.certificate, entry.chainPem],
    [paths.certificateKey, entry.keyPem],
    [paths.renewedCertificate, renewed.chainPem],
    [paths.renewedKey, renewed.keyPem],
    [paths.entryCa, authorities.entryCaPem],
    [paths.providerCa, authorities.providerCaPem],
  ];
  for (const [path, text] of files) writeFileSync(path, text, { mode: /\.(key|env)$/.test(path) ? 0o600 : 0o644 });
  for (const owner of ['web', 'app', 'dns'] as const) copyFileSync(paths.config[owner], paths.lastGood[owner]);
  for (const path of [...files.map(([file]) => file), ...Object.values(paths.lastGood)]) utimesSync(path, weeksAgo, weeksAgo);
  writeBuild(paths.currentPackage, CURRENT_BUILD, weeksAgo);
  writeBuild(paths.oldPackage, OLD_BUILD, new Date(now - 90 * DAY));
  installBuild(paths.currentPackage, paths.release, weeksAgo);
}

export function writeKeyPair({ certificate, certificateKey }: SitePaths, { chainPem, keyPem }: KeyPair): void {
  writeFileSync(certificate, chainPem);
  writeFileSync(certificateKey, keyPem);
}

function webConfig(paths: SitePaths, places: Places): string {
  const listen = places.entryAddresses
    .map((address) => `listen ${address.includes(':') ? `[${address}]` : address}:${places.web};\n`)
    .join('');
  return `# Payment entry. Test with -t before a reload.
${listen}server_name ${places.entryName};
ssl_certificate ${paths.certificate};
ssl_certificate_key ${paths.certificateKey};
upstream ${LOOPBACK}:${places.app};
proxy_read_timeout 6s;
health_read_timeout 1500ms;
`;
}

function appEnvironment(paths: SitePaths, places: Places, keys: Keys): string {
  return `APP_PORT=${places.app}
STORE_URL=tcp://${LOOPBACK}:${places.store}
POOL_SIZE=8
SPOOL_DIR=${paths.spool}
RESOLVER=${LOOPBACK}:${places.dns}
BANK_URL=https://${BANK_NAME}:${places.bank.port}/charge
BANK_API_KEY=${keys.bank}
BACKUP_URL=https://${BACKUP_NAME}:${places.backup.port}/charge
BACKUP_API_KEY=${keys.backup}
PROVIDER_CA=${paths.providerCa}
PROVIDER_TIMEOUT_MS=4000
`;
}

/** A short life for each record: a change is felt within a second. */
function zone({ bank, backup }: Places): string {
  return `${BANK_NAME}. 1 IN A ${bank.host}\n${BACKUP_NAME}. 1 IN A ${backup.host}\n`;
}
