/** Everything that can be made to break, as data. */
import type { Fault, FixKind } from './fault.ts';

/** The switch waits four seconds for an answer, and two payments are to be given up. */
const NOT_ANSWERED_MS = 6500;
const SLOWLY_MS = 7500;

export const faults: readonly Fault[] = [
  ofCertificate('tls-expired', 'tls.expired', 'The certificate of the entry has expired', '入口证书已过期'),
  ofCertificate('tls-wrong-host', 'tls.wrong_host', 'The certificate of the entry names another host', '入口证书与域名不符'),
  ofCertificate(
    'tls-untrusted',
    'tls.untrusted_ca',
    'The certificate of the entry comes from an unknown authority',
    '入口证书由未知机构签发',
  ),
  ofCertificate(
    'tls-incomplete-chain',
    'tls.incomplete_chain',
    'The entry sends its certificate without the intermediate',
    '入口未发送中间证书',
  ),
  {
    id: 'tls-not-reloaded',
    cause: 'tls.not_reloaded',
    class: 'human',
    ...by('reload', 'web'),
    title: {
      en: 'The certificate was renewed on disk, the web server still serves the old one',
      'zh-CN': '证书文件已更新，但网页服务器仍在使用旧证书',
    },
  },
  {
    id: 'web-down',
    cause: 'nginx.down',
    class: 'software',
    ...by('start', 'web'),
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
    ...by('start', 'app'),
    title: { en: 'The payment application has crashed', 'zh-CN': '支付应用已崩溃' },
  },
  {
    id: 'app-hung',
    cause: 'app.hung',
    class: 'software',
    ...by('restart', 'app'),
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
    ...by('restore-release', 'app'),
    title: { en: 'The fee table is damaged', 'zh-CN': '费率表文件损坏' },
  },
  {
    id: 'file-missing',
    cause: 'file.missing',
    class: 'human',
    ...by('restore-release', 'app'),
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
    ...by('start', 'store'),
    title: { en: 'The database is not running', 'zh-CN': '数据库未运行' },
  },
  {
    id: 'db-hung',
    cause: 'db.hung',
    class: 'software',
    ...by('restart', 'store'),
    title: { en: 'The database accepts connections and answers nothing', 'zh-CN': '数据库无响应' },
  },
  {
    id: 'db-max-connections',
    cause: 'db.connections_exhausted',
    class: 'software',
    ...by('end-sessions', 'store'),
    title: { en: 'A reporting tool holds all sessions of the database', 'zh-CN': '报表工具占满数据库连接' },
  },
  {
    id: 'pool-exhausted',
    cause: 'app.pool_exhausted',
    class: 'software',
    ...by('end-sessions', 'app'),
    title: { en: 'A job inside the application leaks every connection of its pool', 'zh-CN': '应用内任务泄漏，连接池耗尽' },
  },
  {
    id: 'disk-full',
    cause: 'disk.full',
    class: 'hardware',
    ...by('free-space', 'app'),
    needs: 'mount',
    title: { en: 'The file system of the payment data is full', 'zh-CN': '支付数据所在文件系统已满' },
  },
  {
    id: 'disk-inodes',
    cause: 'disk.inodes',
    class: 'hardware',
    ...by('free-space', 'app'),
    needs: 'mount',
    title: { en: 'The file system of the payment data has no inode left', 'zh-CN': '支付数据所在文件系统 inode 耗尽' },
  },
  {
    id: 'disk-readonly',
    cause: 'disk.readonly',
    class: 'hardware',
    ...by('remount', 'app'),
    needs: 'mount',
    title: { en: 'The file system of the payment data is mounted read-only', 'zh-CN': '支付数据所在文件系统变为只读' },
  },
  {
    id: 'spool-permission',
    cause: 'file.permission',
    class: 'human',
    ...by('restore-permission', 'app'),
    needs: 'unprivileged',
    title: { en: 'The application may not write its spool', 'zh-CN': '应用无权写入暂存目录' },
  },
  ofBank('bank-down', 'provider.down', "The bank's API is down", '银行接口宕机'),
  ofBank('bank-timeout', 'provider.timeout', 'The bank accepts requests and answers none', '银行接口超时无应答'),
  ofBank('bank-slow', 'provider.slow', 'The bank takes three seconds for every answer', '银行接口响应缓慢'),
  ofBank('bank-5xx', 'provider.5xx', 'The bank answers with server errors', '银行接口返回 5xx 错误'),
  ofBank('bank-maintenance', 'provider.maintenance', 'The bank is in maintenance', '银行正在维护'),
  ofBank('bank-rate-limited', 'provider.rate_limited', 'The bank limits our request rate', '银行接口限流'),
  ofBank('bank-tls-expired', 'provider.tls_expired', "The bank's certificate has expired", '银行证书已过期'),
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
    ...by('start', 'dns'),
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
  ofAcquirer(
    'switch-silent',
    'switch.no_response',
    'The acquirer takes card payments in and answers none',
    '收单方接收卡交易但不应答',
    NOT_ANSWERED_MS,
  ),
  ofAcquirer('switch-slow', 'switch.slow', 'The acquirer takes three seconds for a card payment', '收单方处理卡交易需三秒', SLOWLY_MS),
  ofAcquirer('switch-refuses', 'switch.down', 'The acquirer refuses connections', '收单方拒绝连接'),
  ofAcquirer('switch-issuer-inoperative', 'switch.issuer_inoperative', 'Card payments are answered with code 91', '卡交易返回 91'),
  ofAcquirer('switch-malfunction', 'switch.system_malfunction', 'Card payments are answered with code 96', '卡交易返回 96'),
  ofAcquirer('switch-late', 'switch.no_response', 'Card payments are answered with code 68: too late', '卡交易返回 68:应答超时'),
  ofAcquirer('switch-garbage', 'switch.bad_format', 'The acquirer sends bytes that are no messages', '收单方发送的不是有效报文'),
  ofAcquirer(
    'switch-wrong-length',
    'switch.bad_format',
    'The acquirer sends messages shorter than their length says',
    '收单方报文短于其长度字段',
  ),
  ofAcquirer(
    'switch-mac',
    'switch.keys_out_of_step',
    'Answers of the acquirer carry the MAC of another key',
    '收单方应答的 MAC 使用了另一密钥',
  ),
];

/** A wrong certificate at the entry: the renewed one lies ready. */
function ofCertificate(id: string, cause: string, en: string, chinese: string): Fault {
  return {
    id,
    cause,
    class: 'human',
    ...by('install-cert', 'web'),
    title: { en, 'zh-CN': chinese },
  };
}

/** What only the bank can repair; we can go round it. */
function ofBank(id: string, cause: string, en: string, chinese: string): Fault {
  return {
    id,
    cause,
    class: 'third-party',
    component: 'bank',
    fix: 'switch-channel',
    repair: [['switch-channel', 'backup']],
    title: { en, 'zh-CN': chinese },
  };
}

/** The other side of the card line: it is lost, the shop on the web is not; nothing is to be repaired here. */
function ofAcquirer(id: string, cause: string, en: string, chinese: string, showsAfterMs?: number): Fault {
  return {
    id,
    cause,
    class: 'third-party',
    component: 'acquirer',
    fix: 'none',
    repair: [],
    title: { en, 'zh-CN': chinese },
    harmless: true,
    ...(showsAfterMs !== undefined && { showsAfterMs }),
  };
}

/** The command that repairs it, and what must follow so that it counts. */
function by(fix: FixKind, component: string, then?: string): Pick<Fault, 'component' | 'fix' | 'repair'> {
  return { component, fix, repair: [[fix, component], ...(then === undefined ? [] : [[then, component]])] };
}
