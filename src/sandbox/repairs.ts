/** What an operator's tools do at this site. Each really does it, and says what it did. */
import { chmodSync, copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installBuild } from './release.ts';
import { REPORT_TOOL } from './report-tool.ts';
import { readSettings } from './settings.ts';
import type { ConfigOwner } from './site.ts';
import type { Stack } from './stack.ts';

/** The configuration as it was when it last worked. What it replaces is kept beside it. */
export function restoreConfig({ paths }: Stack, owner: ConfigOwner): string {
  const path = paths.config[owner];
  copyFileSync(path, `${path}.replaced`);
  copyFileSync(paths.lastGood[owner], path);
  return `${path} restored from ${paths.lastGood[owner]}; the replaced file is ${path}.replaced`;
}

/** Takes `restoreConfig` back. */
export function undoRestoreConfig({ paths }: Stack, owner: ConfigOwner): string {
  const path = paths.config[owner];
  copyFileSync(`${path}.replaced`, path);
  return `${path} is again what it was before the restore`;
}

export async function installCertificate({ paths, web }: Stack): Promise<string> {
  copyFileSync(paths.renewedCertificate, paths.certificate);
  copyFileSync(paths.renewedKey, paths.certificateKey);
  await (web.running ? web.reload() : web.start());
  return `${paths.renewedCertificate} installed as ${paths.certificate}, web reloaded`;
}

export function restoreRelease({ paths }: Stack): string {
  installBuild(paths.currentPackage, paths.release);
  return `${paths.release} restored from ${paths.currentPackage}`;
}

/** The job or tool that opens the sessions, and then the sessions. */
export function endSessions(stack: Stack, service: 'app' | 'store'): string {
  const { paths, store } = stack;
  if (service === 'store') {
    stack.closeReports();
    return `${REPORT_TOOL} stopped, ${store.endSessions(REPORT_TOOL)} of its sessions ended`;
  }
  const ended = removeJob(stack, 'settlement-report');
  return ended ? `job settlement-report removed from ${paths.jobs}, its sessions end with it` : 'no job holds sessions';
}

/** The trace that fills the disk is switched off, then its files go. */
export function freeSpace(stack: Stack): string {
  const dir = join(stack.paths.data, 'trace');
  removeJob(stack, 'trace-dump');
  const count = listFiles(dir).length;
  rmSync(dir, { recursive: true, force: true });
  return `debug trace switched off, ${count} trace files removed from ${dir}`;
}

export async function remountData({ dataMount, paths }: Stack): Promise<string> {
  if (!dataMount.mounted) return `${paths.data} is not a file system of its own`;
  await dataMount.remount('rw');
  return `${paths.data} remounted read-write`;
}

export function restorePermission({ paths }: Stack): string {
  chmodSync(paths.spool, 0o755);
  return `${paths.spool} has mode 0755 again`;
}

export async function testConfig({ paths, web }: Stack, owner: string): Promise<string> {
  if (owner === 'web') return web.testConfig();
  if (owner === 'app') {
    readSettings(paths.config.app);
    return `${paths.config.app}: all required settings are there`;
  }
  return `${owner} has no configuration test`;
}

function removeJob({ paths, app }: Stack, task: string): boolean {
  const file = `${task}.job`;
  const known = listFiles(paths.jobs).includes(file);
  rmSync(join(paths.jobs, file), { force: true });
  app.scanJobs();
  return known;
}

function listFiles(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
