/** Everything that can be made to break, as data. Cheap to import: `oor sandbox faults` needs nothing else. */
import { accessSync, constants, readFileSync } from 'node:fs';
import type { Text } from '../ports.ts';

export type FaultClass = 'hardware' | 'software' | 'network' | 'environment' | 'third-party' | 'security' | 'human' | 'data';
export type FixKind =
  | 'install-cert'
  | 'reload'
  | 'start'
  | 'restart'
  | 'restore-config'
  | 'restore-release'
  | 'end-sessions'
  | 'free-space'
  | 'remount'
  | 'restore-permission'
  | 'switch-channel'
  | 'none';

export interface Fault {
  readonly id: string;
  /** `area.state` of the cause vocabulary. */
  readonly cause: string;
  readonly class: FaultClass;
  /** Name of the profile entry where the root is. */
  readonly component: string;
  readonly title: Text;
  readonly fix: FixKind;
  /** Control commands that a good operator would end up with, in order. Empty: only the third party can repair it, and nothing is lost meanwhile. */
  readonly repair: readonly (readonly string[])[];
  /** True where customers notice nothing. */
  readonly harmless?: boolean;
  /** What the process must be able to do to make it real. */
  readonly needs?: 'mount' | 'unprivileged';
}

export interface ListedFault extends Fault {
  /** Only ever present as false. */
  readonly available?: false;
  readonly reason?: string;
}

/** The faults as this process can make them. */
export function listFaults(): readonly ListedFault[] {
  return faults.map((fault) => {
    const reason = whyUnavailable(fault);
    return reason === undefined ? fault : { ...fault, available: false, reason };
  });
}

/** May this process mount a small file system of its own? */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
    accessSync('/bin/mount', constants.X_OK);
    return (BigInt(`0x${effective}`) & CAP_SYS_ADMIN) !== 0n;
  } catch {
    return false;
  }
}

function whyUnavailable({ needs }: Fault): string | undefined {
  if (needs === 'mount' && !canMount()) return 'needs root with CAP_SYS_ADMIN on Linux, to mount a small file system';
  if (needs === 'unprivileged' && process.getuid?.() === 0) return 'permission bits do not bind root';
  return undefined;
}

const CAP_SYS_ADMIN = 1n << 21n;

const SWITCH = { class: 'third-party', component: 'bank', fix: 'switch-channel', repair: [['switch-channel', 'backup']] } as const;
const INSTALL = { component: 'web', fix: 'install-cert', repair: [['install-cert', 'web']] } as const;

export const faults: readonly Fault[] = [
  {
    id: 'tls-expired',
    cause: 'tls.expired',
    class: 'human',
    ...INSTALL,
    title: { en: 'The certificate of the entry has expired', 'zh-CN': '入口证书已过期' },
  },
  {
    id: 'tls-wrong-host',
    cause: 'tls.wrong_host',
    class: 'human',
    ...INSTALL,
    title: { en: 'The certificate of the entry names another host', 'zh-CN': '入口证书与域名不符' },
  },
  {
    id: 'tls-untrusted',
    cause: 'tls.untrusted_ca',
    class: 'human',
    ...INSTALL,
    title: { en: 'The certificate of the entry comes from an unknown authority', 'zh-CN': '入口证书由未知机构签发' },
  },
  {
    id: 'tls-incomplete-chain',
    cause: 'tls.incomplete_chain',
    class: 'human',
    ...INSTALL,
    title: { en: 'The entry sends its certificate without the intermediate', 'zh-CN': '入口未发送中间证书' },
  },
  {
    id: 'tls-not-reloaded',
    cause: 'tls.not_reloaded',
    class: 'human',
    component: 'web',
    fix: 'reload',
    repair: [['reload', 'web']],
    title: {
      en: 'The certificate was renewed on disk, the web server still serves the old one',
      'zh-CN': '证书文件已更新，但网页服务器仍在使用旧证书',
    },
  },
  {
    id: 'web-down',
    cause: 'nginx.down',
    class: 'software',
    component: 'web',
    fix: 'start',
    repair: [['start', 'web']],
    title: { en: 'The web server is not running', 'zh-CN': '网页服务器未运行' },
  },
  {
    id: 'web-bad-config',
    cause: 'nginx.bad_config',
    class: 'human',
    component: 'web',
    fix: 'restore-config',
    repair: [
      ['restore-config', 'web'],
      ['start', 'web'],
    ],
    title: { en: 'The web server does not start: its configuration is broken', 'zh-CN': '网页服务器配置错误，无法启动' },
  },
  {
    id: 'web-wrong-upstream',
    cause: 'nginx.wrong_upstream',
    class: 'human',
    component: 'web',
    fix: 'restore-config',
    repair: [
      ['restore-config', 'web'],
      ['reload', 'web'],
    ],
    title: { en: 'The web server forwards to a port where nothing listens', 'zh-CN': '网页服务器转发到错误的端口' },
  },
  {
    id: 'app-down',
    cause: 'app.down',
    class: 'software',
    component: 'app',
    fix: 'start',
    repair: [['start', 'app']],
    title: { en: 'The payment application has crashed', 'zh-CN': '支付应用已崩溃' },
  },
  {
    id: 'app-hung',
    cause: 'app.hung',
    class: 'software',
    component: 'app',
    fix: 'restart',
    repair: [['restart', 'app']],
    title: { en: 'The payment application accepts requests and answers none', 'zh-CN': '支付应用无响应' },
  },
  {
    id: 'config-missing-key',
    cause: 'config.missing_setting',
    class: 'human',
    component: 'app',
    fix: 'restore-config',
    repair: [
      ['restore-config', 'app'],
      ['start', 'app'],
    ],
    title: { en: 'A required setting is gone and the application refuses to start', 'zh-CN': '缺少必需配置，应用拒绝启动' },
  },
  {
    id: 'bank-credentials',
    cause: 'config.wrong_credentials',
    class: 'human',
    component: 'app',
    fix: 'restore-config',
    repair: [
      ['restore-config', 'app'],
      ['restart', 'app'],
    ],
    title: { en: 'The configured API key is wrong and the bank refuses it', 'zh-CN': '配置的 API 密钥错误，被银行拒绝' },
  },
  {
    id: 'file-corrupted',
    cause: 'file.corrupted',
    class: 'data',
    component: 'app',
    fix: 'restore-release',
    repair: [['restore-release', 'app']],
    title: { en: 'The fee table is damaged', 'zh-CN': '费率表文件损坏' },
  },
  {
    id: 'file-missing',
    cause: 'file.missing',
    class: 'human',
    component: 'app',
    fix: 'restore-release',
    repair: [['restore-release', 'app']],
    title: { en: 'The fee table is gone', 'zh-CN': '费率表文件丢失' },
  },
  {
    id: 'version-mismatch',
    cause: 'app.version_mismatch',
    class: 'human',
    component: 'app',
    fix: 'restore-release',
    repair: [
      ['restore-release', 'app'],
      ['restart', 'app'],
    ],
    title: { en: 'An old build is running and does not understand the bank', 'zh-CN': '运行了旧版本，无法解析银行应答' },
  },
  {
    id: 'db-down',
    cause: 'db.down',
    class: 'software',
    component: 'store',
    fix: 'start',
    repair: [['start', 'store']],
    title: { en: 'The database is not running', 'zh-CN': '数据库未运行' },
  },
  {
    id: 'db-hung',
    cause: 'db.hung',
    class: 'software',
    component: 'store',
    fix: 'restart',
    repair: [['restart', 'store']],
    title: { en: 'The database accepts connections and answers nothing', 'zh-CN': '数据库无响应' },
  },
  {
    id: 'db-max-connections',
    cause: 'db.connections_exhausted',
    class: 'software',
    component: 'store',
    fix: 'end-sessions',
    repair: [['end-sessions', 'store']],
    title: { en: 'A reporting tool holds all sessions of the database', 'zh-CN': '报表工具占满数据库连接' },
  },
  {
    id: 'pool-exhausted',
    cause: 'app.pool_exhausted',
    class: 'software',
    component: 'app',
    fix: 'end-sessions',
    repair: [['end-sessions', 'app']],
    title: { en: 'A job inside the application leaks every connection of its pool', 'zh-CN': '应用内任务泄漏，连接池耗尽' },
  },
  {
    id: 'disk-full',
    cause: 'disk.full',
    class: 'hardware',
    component: 'app',
    fix: 'free-space',
    repair: [['free-space', 'app']],
    needs: 'mount',
    title: { en: 'The file system of the payment data is full', 'zh-CN': '支付数据所在文件系统已满' },
  },
  {
    id: 'disk-inodes',
    cause: 'disk.inodes',
    class: 'hardware',
    component: 'app',
    fix: 'free-space',
    repair: [['free-space', 'app']],
    needs: 'mount',
    title: { en: 'The file system of the payment data has no inode left', 'zh-CN': '支付数据所在文件系统 inode 耗尽' },
  },
  {
    id: 'disk-readonly',
    cause: 'disk.readonly',
    class: 'hardware',
    component: 'app',
    fix: 'remount',
    repair: [['remount', 'app']],
    needs: 'mount',
    title: { en: 'The file system of the payment data is mounted read-only', 'zh-CN': '支付数据所在文件系统变为只读' },
  },
  {
    id: 'spool-permission',
    cause: 'file.permission',
    class: 'human',
    component: 'app',
    fix: 'restore-permission',
    repair: [['restore-permission', 'app']],
    needs: 'unprivileged',
    title: { en: 'The application may not write its spool', 'zh-CN': '应用无权写入暂存目录' },
  },
  { id: 'bank-down', cause: 'provider.down', ...SWITCH, title: { en: "The bank's API is down", 'zh-CN': '银行接口宕机' } },
  {
    id: 'bank-timeout',
    cause: 'provider.timeout',
    ...SWITCH,
    title: { en: 'The bank accepts requests and answers none', 'zh-CN': '银行接口超时无应答' },
  },
  {
    id: 'bank-slow',
    cause: 'provider.slow',
    ...SWITCH,
    title: { en: 'The bank takes three seconds for every answer', 'zh-CN': '银行接口响应缓慢' },
  },
  {
    id: 'bank-5xx',
    cause: 'provider.5xx',
    ...SWITCH,
    title: { en: 'The bank answers with server errors', 'zh-CN': '银行接口返回 5xx 错误' },
  },
  {
    id: 'bank-maintenance',
    cause: 'provider.maintenance',
    ...SWITCH,
    title: { en: 'The bank is in maintenance', 'zh-CN': '银行正在维护' },
  },
  {
    id: 'bank-rate-limited',
    cause: 'provider.rate_limited',
    ...SWITCH,
    title: { en: 'The bank limits our request rate', 'zh-CN': '银行接口限流' },
  },
  {
    id: 'bank-tls-expired',
    cause: 'provider.tls_expired',
    ...SWITCH,
    title: { en: "The bank's certificate has expired", 'zh-CN': '银行证书已过期' },
  },
  {
    id: 'dns-wrong-record',
    cause: 'dns.wrong_record',
    class: 'human',
    component: 'dns',
    fix: 'restore-config',
    repair: [
      ['restore-config', 'dns'],
      ['reload', 'dns'],
    ],
    title: { en: 'DNS gives a wrong address for the bank', 'zh-CN': 'DNS 返回错误的银行地址' },
  },
  {
    id: 'dns-down',
    cause: 'dns.down',
    class: 'network',
    component: 'dns',
    fix: 'start',
    repair: [['start', 'dns']],
    title: { en: 'The DNS resolver does not answer', 'zh-CN': 'DNS 服务器无响应' },
  },
  {
    id: 'ntp-wrong',
    cause: 'time.ntp_wrong',
    class: 'software',
    component: 'time',
    fix: 'none',
    repair: [],
    harmless: true,
    title: { en: 'One of three time servers is wrong by 90 s', 'zh-CN': '三台时间服务器之一偏差 90 秒' },
  },
];
