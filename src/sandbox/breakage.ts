/** How each fault is made and unmade. Every one changes what it says it changes; no other part of the stack knows its name. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../ports.ts';
import type { KeyPair } from './authorities.ts';
import type { Conduct } from './bank.ts';
import type { CardConduct } from './card-host.ts';
import type { JobTask } from './jobs.ts';
import { switchChannel } from './measures.ts';
import { installBuild } from './release.ts';
import { endSessions, freeSpace, installCertificate, restoreConfig, restoreRelease } from './repairs.ts';
import { REQUIRED_SETTINGS } from './settings.ts';
import { BANK_NAME, type ConfigOwner, LOOPBACK, writeKeyPair } from './site.ts';
import type { Cards, Stack } from './stack.ts';

export interface Breakage {
  inject(stack: Stack, random: Random): unknown;
  heal(stack: Stack): unknown;
}

const NOBODY = '127.0.0.9';
const LYING_TIME_SERVER = 1;
const LIE_MS = 90_000;

export const breakages: Readonly<Record<string, Breakage>> = {
  'tls-expired': presentEntry((stack) => stack.authorities.expiredEntry()),
  'tls-wrong-host': presentEntry((stack) => stack.authorities.entryForAnotherHost()),
  'tls-untrusted': presentEntry((stack) => stack.authorities.entryOfUnknownAuthority()),
  'tls-incomplete-chain': presentEntry((stack) => stack.authorities.entryWithoutIntermediate()),
  'tls-not-reloaded': {
    async inject(stack) {
      writeKeyPair(stack.paths, stack.authorities.expiredEntry());
      await stack.web.reload();
      writeKeyPair(stack.paths, stack.authorities.entry());
    },
    heal: installCertificate,
  },
  'web-down': { inject: ({ web }) => web.stop(), heal: ({ web }) => web.start() },
  'web-bad-config': {
    async inject(stack) {
      editConfig(stack, 'web', (text) => `${text}proxy_buffring on;\n`);
      await stack.web.stop();
      await failToStart(stack.web);
    },
    async heal(stack) {
      restoreConfig(stack, 'web');
      await stack.web.start();
    },
  },
  'web-wrong-upstream': {
    async inject(stack) {
      const { app, unused } = stack.places;
      editConfig(stack, 'web', (text) => text.replace(`upstream ${LOOPBACK}:${app};`, `upstream ${LOOPBACK}:${unused};`));
      await stack.web.reload();
    },
    async heal(stack) {
      restoreConfig(stack, 'web');
      await stack.web.reload();
    },
  },
  'app-down': { inject: ({ app }) => app.crash(), heal: ({ app }) => app.start() },
  'app-hung': { inject: (stack) => startJob(stack, 'fee-recalculation'), heal: restartApp },
  'config-missing-key': {
    async inject(stack, random) {
      const name = REQUIRED_SETTINGS[random.integer(REQUIRED_SETTINGS.length)] as string;
      editConfig(stack, 'app', (text) => text.replace(new RegExp(`^${name}=.*\n`, 'm'), ''));
      await stack.app.stop();
      await failToStart(stack.app);
    },
    heal: restoreAppConfig,
  },
  'bank-credentials': {
    async inject(stack, random) {
      editConfig(stack, 'app', (text) => text.replace(/^BANK_API_KEY=.*$/m, `BANK_API_KEY=sk_test_${random.hex(12)}`));
      await restartApp(stack);
    },
    heal: restoreAppConfig,
  },
  'file-corrupted': { inject: damageFees, heal: restoreRelease },
  'file-missing': { inject: ({ paths }) => rmSync(join(paths.release, 'fees.json')), heal: restoreRelease },
  'version-mismatch': {
    async inject(stack) {
      installBuild(stack.paths.oldPackage, stack.paths.release);
      await restartApp(stack);
    },
    async heal(stack) {
      restoreRelease(stack);
      await restartApp(stack);
    },
  },
  'db-down': { inject: ({ store }) => store.stop(), heal: ({ store }) => store.start() },
  'db-hung': {
    inject: ({ store }) => store.runAway(),
    async heal({ store }) {
      await store.stop();
      await store.start();
    },
  },
  'db-max-connections': { inject: (stack) => stack.openReports(), heal: (stack) => endSessions(stack, 'store') },
  'pool-exhausted': { inject: (stack) => startJob(stack, 'settlement-report'), heal: (stack) => endSessions(stack, 'app') },
  'disk-full': fillData(65_536),
  'disk-inodes': fillData(0),
  'disk-readonly': {
    async inject(stack) {
      await mountData(stack);
      await stack.dataMount.remount('ro');
    },
    heal: ({ dataMount }) => dataMount.remount('rw'),
  },
  'spool-permission': { inject: ({ paths }) => chmodSync(paths.spool, 0o500), heal: ({ paths }) => chmodSync(paths.spool, 0o755) },
  'bank-down': {
    inject: ({ bank }) => bank.stop(),
    async heal(stack) {
      await stack.bank.start();
      switchChannel(stack, ['primary']);
    },
  },
  'bank-timeout': bankBehaves({ silent: true }),
  'bank-slow': bankBehaves({ delayMs: 3000 }),
  'bank-5xx': bankBehaves({ refusal: { status: 503, error: 'internal_error' } }),
  'bank-maintenance': bankBehaves({ refusal: { status: 503, error: 'scheduled_maintenance', until: '06:00 UTC', retryAfterS: 1800 } }),
  'bank-rate-limited': bankBehaves({ requestsPerSecond: 0.01 }),
  'bank-tls-expired': {
    inject: ({ bank, authorities, places }) => bank.present(authorities.expiredProvider([BANK_NAME, places.bank.host])),
    heal(stack) {
      stack.bank.present(stack.authorities.provider([BANK_NAME, stack.places.bank.host]));
      switchChannel(stack, ['primary']);
    },
  },
  'switch-silent': acquirerBehaves({ silent: true }),
  'switch-slow': acquirerBehaves({ delayMs: 3000 }),
  'switch-refuses': {
    inject: (stack) => cardsOf(stack).host.stop(),
    heal: (stack) => cardsOf(stack).host.start(),
  },
  'switch-issuer-inoperative': acquirerBehaves({ code: '91' }),
  'switch-malfunction': acquirerBehaves({ code: '96' }),
  'switch-late': acquirerBehaves({ code: '68' }),
  'switch-garbage': acquirerBehaves({ garbage: true }),
  'switch-wrong-length': acquirerBehaves({ wrongLength: true }),
  'switch-mac': acquirerBehaves({ wrongKey: true }),
  'dns-wrong-record': {
    async inject(stack) {
      editConfig(stack, 'dns', (text) => text.replace(`${BANK_NAME}. 1 IN A ${stack.places.bank.host}`, `${BANK_NAME}. 1 IN A ${NOBODY}`));
      await stack.services.dns.reload();
    },
    async heal(stack) {
      restoreConfig(stack, 'dns');
      await stack.services.dns.reload();
    },
  },
  'dns-down': { inject: ({ services }) => services.dns.stop(), heal: ({ services }) => services.dns.start() },
  'ntp-wrong': {
    inject: ({ timeServers }) => timeServers[LYING_TIME_SERVER]?.shift(LIE_MS),
    heal: ({ timeServers }) => timeServers[LYING_TIME_SERVER]?.shift(0),
  },
};

function presentEntry(choose: (stack: Stack) => KeyPair): Breakage {
  return {
    async inject(stack) {
      writeKeyPair(stack.paths, choose(stack));
      await stack.web.reload();
    },
    heal: installCertificate,
  };
}

function bankBehaves(conduct: Conduct): Breakage {
  return {
    inject: ({ bank }) => bank.behave(conduct),
    heal(stack) {
      stack.bank.behave({});
      switchChannel(stack, ['primary']);
    },
  };
}

function acquirerBehaves(conduct: CardConduct): Breakage {
  return {
    inject: (stack) => cardsOf(stack).host.behave(conduct),
    heal: (stack) => cardsOf(stack).host.behave({}),
  };
}

function cardsOf({ cards }: Stack): Cards {
  if (!cards) throw new Error('this stack has no card line: it is laid when the stack starts with one of its faults');
  return cards;
}

function fillData(fileBytes: number): Breakage {
  return {
    async inject(stack) {
      await mountData(stack);
      startJob(stack, 'trace-dump', { file_bytes: fileBytes });
    },
    heal: freeSpace,
  };
}

async function mountData({ dataMount, paths }: Stack): Promise<void> {
  await dataMount.mount();
  mkdirSync(paths.spool, { recursive: true });
}

function startJob({ paths }: Stack, task: JobTask, more: object = {}): void {
  writeFileSync(join(paths.jobs, `${task}.job`), `${JSON.stringify({ task, ...more })}\n`);
}

function editConfig({ paths }: Stack, owner: ConfigOwner, edit: (text: string) => string): void {
  writeFileSync(paths.config[owner], edit(readFileSync(paths.config[owner], 'utf8')));
}

/** Same size, other bytes: what a bad sector or a broken copy leaves. */
function damageFees({ paths }: Stack): void {
  const path = join(paths.release, 'fees.json');
  const bytes = readFileSync(path);
  bytes.fill(0, Math.floor(bytes.length / 3), Math.floor(bytes.length / 3) + 24);
  writeFileSync(path, bytes);
}

async function failToStart(service: { start(): Promise<void> }): Promise<void> {
  const started = await service.start().then(
    () => true,
    () => false,
  );
  if (started) throw new Error('the service started in spite of its broken configuration');
}

async function restartApp({ app }: Stack): Promise<void> {
  await app.stop();
  await app.start();
}

async function restoreAppConfig(stack: Stack): Promise<void> {
  restoreConfig(stack, 'app');
  await restartApp(stack);
}
