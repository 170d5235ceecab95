/** The environment file of the payment application. */
import { readFileSync } from 'node:fs';

export type Channel = 'primary' | 'backup';

export interface ProviderSettings {
  readonly name: string;
  readonly url: URL;
  readonly caFile: string;
  readonly apiKey: string;
}

export interface Settings {
  readonly port: number;
  readonly store: { readonly host: string; readonly port: number };
  readonly poolSize: number;
  readonly resolver: string;
  readonly spoolDir: string;
  readonly providers: Readonly<Record<Channel, ProviderSettings>>;
  readonly providerTimeoutMs: number;
}

/** Without one of these the application does not start. */
export const REQUIRED_SETTINGS = [
  'APP_PORT',
  'STORE_URL',
  'SPOOL_DIR',
  'RESOLVER',
  'BANK_URL',
  'BANK_API_KEY',
  'BACKUP_URL',
  'BACKUP_API_KEY',
  'PROVIDER_CA',
] as const;

export function readSettings(file: string): Settings {
  const values = parseEnvFile(readFileSync(file, 'utf8'));
  for (const name of REQUIRED_SETTINGS) if (!values.get(name)) throw new Error(`config: required setting ${name} is missing in ${file}`);
  const get = (name: (typeof REQUIRED_SETTINGS)[number]) => values.get(name) as string;
  const store = new URL(get('STORE_URL'));
  const caFile = get('PROVIDER_CA');
  return {
    port: Number(get('APP_PORT')),
    store: { host: store.hostname, port: Number(store.port) },
    poolSize: Number(values.get('POOL_SIZE') ?? 8),
    resolver: get('RESOLVER'),
    spoolDir: get('SPOOL_DIR'),
    providers: {
      primary: { name: 'bank', url: new URL(get('BANK_URL')), caFile, apiKey: get('BANK_API_KEY') },
      backup: { name: 'backup', url: new URL(get('BACKUP_URL')), caFile, apiKey: get('BACKUP_API_KEY') },
    },
    providerTimeoutMs: Number(values.get('PROVIDER_TIMEOUT_MS') ?? 4000),
  };
}

function parseEnvFile(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (match) values.set(match[1] as string, (match[2] as string).trim());
  }
  return values;
}
