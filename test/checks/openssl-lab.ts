/** A private authority and servers of OpenSSL and nginx on loopback; all end with `stopServers`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClosedPort } from '../adapters/servers.ts';

export function hasProgram(name: string): boolean {
  const there = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(join(folder, name)));
  if (!there) console.log(`skipped: no ${name} on this machine`);
  return there;
}

export interface Lab {
  readonly dir: string;
  path(name: string): string;
  openssl(...args: readonly string[]): void;
  /** A key and a certificate signed by `by`; `days` may be negative. */
  issue(name: string, options: IssueOptions): void;
  /** Certificates of several files in one. */
  bundle(name: string, ...parts: readonly string[]): string;
  /** `openssl s_server` on `address`; returns the port. */
  serve(
    certificate: string,
    more?: readonly string[],
    where?: { address?: string; port?: number; chain?: readonly string[] },
  ): Promise<number>;
  run(argv: readonly string[], port: number, address?: string): Promise<ChildProcess>;
  stop(): void;
}

interface IssueOptions {
  readonly subject?: string;
  readonly by?: string;
  readonly ca?: boolean;
  readonly names?: string;
  /** `YYYYMMDDHHMMSSZ` of both ends; default from yesterday for 60 days. */
  readonly from?: Date;
  readonly until?: Date;
  readonly key?: readonly string[];
  readonly hash?: string;
  /** As `extendedKeyUsage` of openssl. */
  readonly usage?: string;
}

const DAY = 86_400_000;
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

export function makeLab(): Lab {
  const dir = mkdtempSync(join(tmpdir(), 'oor-openssl-'));
  const path = (name: string): string => join(dir, name);
  const children: ChildProcess[] = [];
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', [...args], { cwd: dir, stdio: 'pipe' });
  };
  const stamp = (date: Date): string => date.toISOString().replace(/[-:T]|\.\d+/g, '');
  const run: Lab['run'] = async ([program = '', ...args], port, address = '127.0.0.1') => {
    const child = spawn(program, args, { cwd: dir, stdio: ['pipe', 'ignore', 'ignore'] });
    children.push(child);
    await untilOpen(child, port, address);
    return child;
  };
  writeFileSync(path('index.txt'), '');
  writeFileSync(path('index.txt.attr'), 'unique_subject = no\n');
  writeFileSync(path('serial'), '1000\n');
  return {
    dir,
    path,
    openssl,
    issue(name, { subject = `/CN=${name}`, by, ca = false, names, from, until, key = EC, hash = 'sha256', usage: extended }) {
      openssl('req', ...key, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
      const usage = ca
        ? 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\n'
        : 'basicConstraints=CA:FALSE\n';
      const more = [
        ...(names === undefined ? [] : [`subjectAltName=${names}\n`]),
        ...(extended === undefined ? [] : [`extendedKeyUsage=${extended}\n`]),
      ];
      writeFileSync(path(`${name}.ext`), `${usage}${more.join('')}`);
      writeFileSync(
        path('ca.cnf'),
        `[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=${hash}\npolicy=any\nemail_in_dn=no\n[any]\norganizationName=optional\ncommonName=supplied\n`,
      );
      const dates = ['-startdate', stamp(from ?? new Date(Date.now() - DAY)), '-enddate', stamp(until ?? new Date(Date.now() + 60 * DAY))];
      const signer = by === undefined ? ['-selfsign', '-keyfile', `${name}.key`] : ['-cert', `${by}.pem`, '-keyfile', `${by}.key`];
      openssl(
        'ca',
        '-batch',
        '-notext',
        '-config',
        'ca.cnf',
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.pem`,
        '-extfile',
        `${name}.ext`,
        ...dates,
        ...signer,
      );
    },
    bundle(name, ...parts) {
      writeFileSync(path(name), '');
      for (const part of parts) appendFileSync(path(name), readFileSync(path(part)));
      return path(name);
    },
    async serve(certificate, more = [], { address = '127.0.0.1', port, chain = [] } = {}) {
      const at = port ?? (await findClosedPort());
      const file =
        chain.length === 0 ? [] : ['-cert_chain', this.bundle(`${certificate}-${at}.chain`, ...chain.map((each) => `${each}.pem`))];
      await run(
        [
          'openssl',
          's_server',
          '-accept',
          `${address}:${at}`,
          '-cert',
          `${certificate}.pem`,
          '-key',
          `${certificate}.key`,
          ...file,
          '-quiet',
          ...more,
        ],
        at,
        address,
      );
      return at;
    },
    run,
    stop() {
      for (const child of children) child.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

async function untilOpen(child: ChildProcess, port: number, address: string): Promise<void> {
  for (let tries = 0; tries < 2_400 && child.exitCode === null; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on ${address}:${port}`);
}
