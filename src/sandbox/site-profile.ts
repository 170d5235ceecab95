/** The site profile of the stack: what the people who run it would have written on a calm day. */
import { userInfo } from 'node:os';
import { CURRENT_BUILD } from './release.ts';
import { REQUIRED_SETTINGS } from './settings.ts';
import { BACKUP_NAME, BANK_NAME, LOOPBACK, type Places, type SitePaths } from './site.ts';

type Control = (...order: string[]) => readonly string[];

/** YAML whose values are written as JSON, which is YAML too: no path and no address needs more care. */
export function describeSite(paths: SitePaths, places: Places, controlArgv: readonly string[]): string {
  const control: Control = (...order) => [...controlArgv, ...order];
  const sections: Readonly<Record<string, unknown>> = {
    oor: 1,
    site: 'merchant-pay',
    entry: { url: `https://${places.entryName}:${places.web}/health`, expect_status: 200, ca_file: paths.entryCa },
    services: [describeWeb(paths, places, control), describeApp(paths, places, control)],
    databases: [{ name: 'store', kind: 'tcp', url: `tcp://${LOOPBACK}:${places.store}` }],
    providers: [
      describeProvider({ name: 'bank', role: 'primary', place: places.bank, key: 'BANK_API_KEY' }, paths),
      describeProvider({ name: 'backup', role: 'backup', place: places.backup, key: 'BACKUP_API_KEY' }, paths),
    ],
    dns: { names: { [BANK_NAME]: [places.bank.host], [BACKUP_NAME]: [places.backup.host] }, resolvers: [`${LOOPBACK}:${places.dns}`] },
    time: { servers: places.time.map((port) => `${LOOPBACK}:${port}`) },
    links: [
      ['web', 'app'],
      ['app', 'store'],
      ['app', 'bank'],
    ],
    actions: describeActions(control),
    contacts: [{ name: 'bank-api-desk', role: 'provider', reach: 'support@bank.test' }],
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
    certificate: paths.certificate,
    control: describeControl('web', control),
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
    control: describeControl('app', control),
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

function describeControl(service: string, control: Control): object {
  return Object.fromEntries(['start', 'stop', 'restart', 'reload'].map((verb) => [verb, control(verb, service)]));
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
    role,
    url: `https://${host}:${port}/health`,
    ca_file: paths.providerCa,
    credentials: { api_key: { file: paths.config.app, key } },
  };
}

/** `VERB_TARGET`, or `VERB` where there is only one thing to do it to. */
function describeActions(control: Control): object {
  const undoable = (service: string) => ({ argv: control('restore-config', service), rollback: control('undo-restore-config', service) });
  const final = (why: string, ...order: string[]) => ({ argv: control(...order), rollback: { none: why } });
  const shouldRun = 'it is a service that should run';
  return {
    switch_channel: { argv: control('switch-channel', 'backup'), rollback: control('switch-channel', 'primary') },
    show_channel: { argv: control('show-channel') },
    install_certificate: final('the certificate it replaces is of no use', 'install-cert', 'web'),
    restore_config_web: undoable('web'),
    restore_config_app: undoable('app'),
    restore_config_dns: undoable('dns'),
    restore_release_app: final('it is the packaged state', 'restore-release', 'app'),
    end_sessions_app: final('ended sessions do not come back', 'end-sessions', 'app'),
    end_sessions_store: final('ended sessions do not come back', 'end-sessions', 'store'),
    free_space_app: final('a debug trace is no loss', 'free-space', 'app'),
    remount_app: final('a read-only file system takes no payment', 'remount', 'app'),
    restore_permission_app: final('it is the packaged state', 'restore-permission', 'app'),
    start_store: final(shouldRun, 'start', 'store'),
    restart_store: final(shouldRun, 'restart', 'store'),
    start_dns: final(shouldRun, 'start', 'dns'),
    reload_dns: final(shouldRun, 'reload', 'dns'),
  };
}

function writeSection([key, value]: [string, unknown]): string {
  if (Array.isArray(value)) return `${key}:\n${value.map((item) => `  - ${JSON.stringify(item)}`).join('\n')}`;
  if (typeof value !== 'object' || value === null) return `${key}: ${JSON.stringify(value)}`;
  return `${key}:\n${Object.entries(value)
    .map(([name, item]) => `  ${JSON.stringify(name)}: ${JSON.stringify(item)}`)
    .join('\n')}`;
}
