/** The site profile of the stack: what the people who run it would have written on a calm day. */
import { userInfo } from 'node:os';
import { CURRENT_BUILD } from './release.ts';
import { REQUIRED_SETTINGS } from './settings.ts';
import { BACKUP_NAME, BANK_NAME, LOOPBACK, type Places, type SitePaths } from './site.ts';

type Control = (...order: string[]) => readonly string[];

/** YAML whose values are written as JSON, which is YAML too: no path and no address needs more care. */
export function describeSite(paths: SitePaths, places: Places, controlArgv: readonly string[], hasCards: boolean): string {
  const control: Control = (...order) => [...controlArgv, ...order];
  const sections: Readonly<Record<string, unknown>> = {
    oor: 1,
    site: 'merchant-pay',
    entry: { url: `https://${places.entryName}:${places.web}/health`, expect_status: 200, ca_file: paths.entryCa },
    services: [
      describeWeb(paths, places, control),
      describeApp(paths, places, control),
      ...(hasCards ? [{ name: 'cards', kind: 'switch', listen: [places.card.port], log: paths.log.cards }] : []),
    ],
    ...(hasCards && { switches: [{ name: 'acquirer', ...places.card.peer }] }),
    databases: [
      {
        name: 'store',
        kind: 'tcp',
        url: `tcp://${LOOPBACK}:${places.store}`,
        control: { ...processControl('store', control), end_sessions: control('end-sessions', 'store') },
      },
    ],
    providers: [
      describeProvider({ name: 'bank', role: 'primary', place: places.bank, key: 'BANK_API_KEY' }, paths),
      describeProvider({ name: 'backup', role: 'backup', place: places.backup, key: 'BACKUP_API_KEY' }, paths),
    ],
    transactions: [
      {
        name: 'payments',
        from: paths.log.payments,
        format: 'kv',
        outcomes: { error: 'PROVIDER_DOWN', timeout: 'UNKNOWN' },
        unit: 'major',
        currency: 'CNY',
      },
    ],
    dns: { names: { [BANK_NAME]: [places.bank.host], [BACKUP_NAME]: [places.backup.host] }, resolvers: [`${LOOPBACK}:${places.dns}`] },
    time: { servers: places.time.map((port) => `${LOOPBACK}:${port}`) },
    links: [
      ['web', 'app'],
      ['app', 'store'],
      ['app', 'bank'],
    ],
    actions: describeActions(control),
    contacts: [
      { name: 'bank-api-desk', role: 'provider', reach: 'support@bank.test' },
      { name: 'desk-1', role: 'customer-service', reach: 'tel 201' },
      { name: 'desk-2', role: 'customer-service', reach: 'tel 202' },
    ],
  };
  return `${Object.entries(sections).map(writeSection).join('\n')}\n`;
}

function describeWeb(paths: SitePaths, places: Places, control: Control): object {
  return {
    name: 'web',
    kind: 'web',
    listen: [places.web],
    config: paths.config.web,
    config_test: control('config-test', 'web'),
    access_log: paths.log.access,
    error_log: paths.log.error,
    certificates: [paths.certificate],
    control: { ...processControl('web', control), ...configControl('web', control) },
  };
}

function describeApp(paths: SitePaths, places: Places, control: Control): object {
  return {
    name: 'app',
    kind: 'app',
    listen: [places.app],
    health: `http://${LOOPBACK}:${places.app}/health`,
    log: paths.log.app,
    env_file: paths.config.app,
    required_env: REQUIRED_SETTINGS,
    manifest: `${paths.release}/MANIFEST.sha256`,
    version: { file: `${paths.release}/VERSION`, want: CURRENT_BUILD.version },
    data: [paths.spool],
    ...serviceUser(),
    control: {
      ...processControl('app', control),
      ...configControl('app', control),
      restore_release: control('restore-release', 'app'),
      restore_permission: control('restore-permission', 'app'),
      end_sessions: control('end-sessions', 'app'),
      free_space: control('free-space', 'app'),
      remount: control('remount', 'app'),
    },
  };
}

/** Everything runs as whoever started it; an account may be without a name. */
function serviceUser(): { readonly user?: string } {
  try {
    return { user: userInfo().username };
  } catch {
    return {};
  }
}

function processControl(service: string, control: Control): object {
  return Object.fromEntries(['start', 'stop', 'restart', 'reload'].map((verb) => [verb, control(verb, service)]));
}

function configControl(service: string, control: Control): object {
  return { restore_config: control('restore-config', service), undo_restore_config: control('undo-restore-config', service) };
}

interface ProviderEntry {
  readonly name: string;
  readonly role: string;
  readonly place: { readonly host: string; readonly port: number };
  /** Where in the environment file of the application its key stands. */
  readonly key: string;
}

function describeProvider({ name, role, place: { host, port }, key }: ProviderEntry, paths: SitePaths): object {
  return {
    name,
    kind: 'http',
    label: { en: 'card payment', 'zh-CN': '银行卡支付' },
    role,
    url: `https://${host}:${port}/health`,
    ca_file: paths.providerCa,
    credentials: { api_key: { file: paths.config.app, key } },
  };
}

/** What belongs to no one service. */
function describeActions(control: Control): object {
  return {
    switch_channel: {
      run: control('switch-channel', 'backup'),
      dry_run: control('plan-channel', 'backup'),
      rollback: control('switch-channel', 'primary'),
      show: control('show-channel'),
      restore: control('restore-channel'),
    },
    reroute_bin: { run: control('reroute-bin'), show: control('show-routes'), restore: control('restore-routes') },
    drain_node: { run: control('drain-node'), rollback: control('put-node-back'), show: control('show-nodes') },
    restart_drained: { run: control('restart-drained'), rollback: { none: 'a restart has no way back' }, timeout: '15s' },
    close_functions: {
      run: control('close-functions'),
      of: ['auto-renew', 'top-up'],
      rollback: control('restore-functions'),
      show: control('show-functions'),
    },
    hold_orders: { run: control('hold-orders'), rollback: control('end-hold'), show: control('show-hold') },
    list_held_orders: { run: control('list-held') },
    list_vip_orders: { run: control('list-vip') },
    settle_held_orders: { run: control('settle-held'), rollback: { none: 'it asks and books; nothing is given back by it' } },
    put_banner: {
      run: control('put-banner'),
      rollback: control('clear-banner'),
      show: control('show-banner'),
      restore: control('restore-banner'),
    },
    list_measures: { run: control('show-measures') },
    install_certificate: { run: control('install-cert', 'web'), rollback: { none: 'the certificate it replaces is of no use' } },
    restore_dns_records: { run: control('restore-config', 'dns'), rollback: control('undo-restore-config', 'dns') },
    reload_resolver: { run: control('reload', 'dns'), rollback: { none: 'it reads its own file again' } },
    start_resolver: { run: control('start', 'dns'), rollback: { none: 'it is a service that should run' } },
  };
}

function writeSection([key, value]: [string, unknown]): string {
  if (Array.isArray(value)) return `${key}:\n${value.map((item) => `  - ${JSON.stringify(item)}`).join('\n')}`;
  if (typeof value !== 'object' || value === null) return `${key}: ${JSON.stringify(value)}`;
  return `${key}:\n${Object.entries(value)
    .map(([name, item]) => `  ${JSON.stringify(name)}: ${JSON.stringify(item)}`)
    .join('\n')}`;
}
