/** The site profile of the stack: what the people who run it would have written on a calm day. */
import { CURRENT_BUILD } from './release.ts';
import { REQUIRED_SETTINGS } from './settings.ts';
import { BACKUP_NAME, BANK_NAME, LOOPBACK, type Places, type SitePaths } from './site.ts';

/** YAML whose values are written as JSON, which is YAML too: no path and no address needs more care. */
export function describeSite(paths: SitePaths, places: Places, controlArgv: readonly string[]): string {
  const control = (...order: string[]) => [...controlArgv, ...order];
  const verbs = (service: string) => ({
    start: control('start', service),
    restart: control('restart', service),
    reload: control('reload', service),
  });
  const sections: Readonly<Record<string, unknown>> = {
    oor: 1,
    site: 'merchant-pay',
    entry: { url: `https://${places.entryName}:${places.web}/health`, expect_status: 200, ca_file: paths.entryCa },
    services: [
      {
        name: 'web',
        kind: 'web',
        listen: [places.web],
        config: paths.config.web,
        config_test: control('config-test', 'web'),
        access_log: paths.log.access,
        error_log: paths.log.error,
        certificates: [paths.certificate],
        control: verbs('web'),
      },
      {
        name: 'app',
        kind: 'app',
        listen: [places.app],
        health: `http://${LOOPBACK}:${places.app}/health`,
        log: paths.log.app,
        env_file: paths.config.app,
        required_env: REQUIRED_SETTINGS,
        manifest: `${paths.release}/MANIFEST.sha256`,
        version: { file: `${paths.release}/VERSION`, want: CURRENT_BUILD.version },
        data: [paths.data],
        control: verbs('app'),
      },
    ],
    databases: [{ name: 'store', kind: 'tcp', url: `tcp://${LOOPBACK}:${places.store}`, control: verbs('store') }],
    providers: [
      {
        name: 'bank',
        kind: 'http',
        url: `https://${places.bank.host}:${places.bank.port}/health`,
        role: 'primary',
        ca_file: paths.providerCa,
      },
      {
        name: 'backup',
        kind: 'http',
        url: `https://${places.backup.host}:${places.backup.port}/health`,
        role: 'backup',
        ca_file: paths.providerCa,
      },
    ],
    dns: { names: { [BANK_NAME]: [places.bank.host], [BACKUP_NAME]: [places.backup.host] }, resolvers: [`${LOOPBACK}:${places.dns}`] },
    time: { servers: places.time.map((port) => `${LOOPBACK}:${port}`) },
    actions: describeActions(control),
    contacts: [{ name: 'Bank API desk', role: 'provider', reach: 'support@bank.test' }],
  };
  return `${Object.entries(sections).map(writeSection).join('\n')}\n`;
}

function describeActions(control: (...order: string[]) => string[]): Readonly<Record<string, unknown>> {
  return {
    switch_channel: {
      run: control('switch-channel', 'backup'),
      rollback: control('switch-channel', 'primary'),
      show: control('show-channel'),
    },
    install_certificate: { run: control('install-cert', 'web') },
    restore_web_config: { run: control('restore-config', 'web'), rollback: control('undo-restore-config', 'web') },
    restore_app_config: { run: control('restore-config', 'app'), rollback: control('undo-restore-config', 'app') },
    restore_release: { run: control('restore-release', 'app') },
    end_pool_sessions: { run: control('end-sessions', 'app') },
    end_database_sessions: { run: control('end-sessions', 'store') },
    free_space: { run: control('free-space', 'app') },
    remount_data: { run: control('remount', 'app') },
    restore_permission: { run: control('restore-permission', 'app') },
    restore_dns_records: { run: control('restore-config', 'dns'), rollback: control('undo-restore-config', 'dns') },
    reload_resolver: { run: control('reload', 'dns') },
    start_resolver: { run: control('start', 'dns') },
  };
}

function writeSection([key, value]: [string, unknown]): string {
  if (Array.isArray(value)) return `${key}:\n${value.map((item) => `  - ${JSON.stringify(item)}`).join('\n')}`;
  if (typeof value !== 'object' || value === null) return `${key}: ${JSON.stringify(value)}`;
  return `${key}:\n${Object.entries(value)
    .map(([name, item]) => `  ${JSON.stringify(name)}: ${JSON.stringify(item)}`)
    .join('\n')}`;
}
