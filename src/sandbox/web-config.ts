/** The configuration of the web server: `directive value;` lines, checked as a whole before anything starts with it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface WebConfig {
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  readonly serverName: string;
  readonly certificate: string;
  readonly certificateKey: string;
  readonly upstream: { readonly host: string; readonly port: number };
  readonly readTimeoutMs: number;
  readonly healthReadTimeoutMs: number;
}

const DIRECTIVES = [
  'listen',
  'server_name',
  'ssl_certificate',
  'ssl_certificate_key',
  'upstream',
  'proxy_read_timeout',
  'health_read_timeout',
] as const;
type Directive = (typeof DIRECTIVES)[number];

/** Throws an error whose message is what the server would write: cause, file and line. */
export function readWebConfig(file: string): WebConfig {
  const values = new Map<Directive, string[]>();
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      const line = text.replace(/#.*/, '').trim();
      if (line === '') return;
      const [name = '', ...rest] = line.replace(/;$/, '').split(/\s+/);
      if (!line.endsWith(';')) throw new Error(`directive "${name}" is not terminated by ";" in ${file}:${index + 1}`);
      if (!DIRECTIVES.includes(name as Directive)) throw new Error(`unknown directive "${name}" in ${file}:${index + 1}`);
      const known = name as Directive;
      values.set(known, [...(values.get(known) ?? []), rest.join(' ')]);
    });
  const get = (name: Directive): string => {
    const value = values.get(name)?.at(-1);
    if (value === undefined) throw new Error(`no "${name}" is defined in ${file}`);
    return value;
  };
  const config: WebConfig = {
    listen: (values.get('listen') ?? []).map(parseAddress),
    serverName: get('server_name'),
    certificate: get('ssl_certificate'),
    certificateKey: get('ssl_certificate_key'),
    upstream: parseAddress(get('upstream')),
    readTimeoutMs: parseMilliseconds(get('proxy_read_timeout')),
    healthReadTimeoutMs: parseMilliseconds(get('health_read_timeout')),
  };
  if (config.listen.length === 0) throw new Error(`no "listen" is defined in ${file}`);
  readKeyPair(config);
  return config;
}

export function readKeyPair({ certificate, certificateKey }: WebConfig): { cert: string; key: string } {
  const cert = readPem(certificate, 'certificate');
  const key = readPem(certificateKey, 'certificate key');
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error(`SSL_CTX_use_PrivateKey("${certificateKey}") failed (key values mismatch)`);
  return { cert, key };
}

function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot load ${what} "${file}": ${(error as Error).message}`);
  }
}

function parseAddress(text: string): { host: string; port: number } {
  const match = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text);
  if (!match) throw new Error(`invalid address "${text}"`);
  return { host: match[1] as string, port: Number(match[2]) };
}

function parseMilliseconds(text: string): number {
  const match = /^(\d+)(ms|s)$/.exec(text);
  if (!match) throw new Error(`invalid value "${text}", expected 1500ms or 6s`);
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}
