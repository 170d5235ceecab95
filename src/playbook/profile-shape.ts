/** The site profile, `oor.yaml`, as people write it. Nothing is transformed: what is written is what expressions read. */
import { port, secretRef, v } from '../checks/schema.ts';
import { TARGET_LISTS } from './for-each.ts';
import { noticeShape } from './notify-shape.ts';
import { PARTNERS } from './playbook.ts';
import { choose, durationText, isMap, optional, str, strictObject, version } from './shape-kit.ts';

/** A name of `hosts`: the machine it lives on, where that is not this one. */
const place = { on: optional(str) };
const argv = v.pipe(
  v.array(v.union([v.string(), v.number()], 'expected text or a number')),
  v.minLength(1, 'expected at least the program'),
);
const named = {
  name: v.pipe(
    v.string(),
    v.regex(/^[\w.:@/-]+$/, (issue) => `expected a name without spaces, got ${issue.received}`),
  ),
};
const kind = (list: string) => v.picklist([...(TARGET_LISTS[list]?.kinds ?? [])]);
const paths = v.array(str);
const url = v.pipe(
  str,
  v.regex(/^[a-z][a-z0-9+.-]*:\/\//i, (issue) => `expected a URL, got ${issue.received}`),
);
/** A URL or libpq keyword string without a password, or the name of a secret that holds one with. */
const dsn = choose((input) => (isMap(input) ? 1 : 0), str, secretRef);
const address = { host: optional(str), port: optional(port) };
const secrets = choose(
  (input) => (isMap(input) && ('env' in input || 'file' in input) ? 0 : 1),
  secretRef,
  v.record(
    v.string(),
    choose((input) => (isMap(input) ? 1 : 0), str, secretRef),
  ),
);
/** Any log or table: a file, the output of a command, or what is piped in. */
const source = choose(
  (input) => (isMap(input) ? ('argv' in input ? 2 : 'stdin' in input ? 3 : 1) : 0),
  str,
  strictObject({ file: str }),
  strictObject({ argv, timeout: optional(durationText) }),
  strictObject({ stdin: v.literal(true) }),
);
/** A table of orders or payments: where it is, and what its columns and words mean where they are not the usual ones. */
const moneyTable = choose(
  (input) => (isMap(input) && 'from' in input ? 1 : 0),
  source,
  strictObject({
    from: source,
    columns: optional(v.record(v.string(), str)),
    unit: optional(v.picklist(['major', 'minor'])),
    words: optional(v.record(v.string(), v.picklist(['paid', 'unpaid', 'pending', 'refunded']))),
  }),
);
const statusCode = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599));
const expectStatus = choose((input) => (Array.isArray(input) ? 1 : 0), statusCode, v.array(statusCode));

/** PromQL, alone or with the direction that means trouble. */
const metricQuery = choose(
  (input) => (isMap(input) ? 1 : 0),
  str,
  strictObject({ promql: str, worse: optional(v.picklist(['lower', 'higher', 'both'])) }),
);

/** What fixes may run on it; each is idempotent and ends by itself. */
const control = strictObject({
  start: optional(argv),
  stop: optional(argv),
  restart: optional(argv),
  reload: optional(argv),
  /** Puts the last configuration that worked in place, after `save_` kept what is there; `undo_` brings that back. */
  save_config: optional(argv),
  restore_config: optional(argv),
  undo_restore_config: optional(argv),
  /** Installs the agreed release again. */
  restore_release: optional(argv),
  restore_permission: optional(argv),
  /** Stops what holds the sessions, then ends them. */
  end_sessions: optional(argv),
  free_space: optional(argv),
  remount: optional(argv),
});
const service = strictObject({
  ...named,
  ...place,
  kind: kind('services'),
  process: optional(str),
  unit: optional(str),
  listen: optional(v.array(port)),
  health: optional(url),
  config: optional(choose((input) => (Array.isArray(input) ? 1 : 0), str, paths)),
  config_test: optional(argv),
  access_log: optional(source),
  error_log: optional(source),
  log: optional(source),
  env_file: optional(str),
  required_env: optional(v.array(str)),
  manifest: optional(str),
  version: optional(strictObject({ want: str, file: optional(str), argv: optional(argv), url: optional(url) })),
  user: optional(str),
  data: optional(paths),
  /** PEM files that it serves, the entry's first. */
  certificates: optional(paths),
  /** A good PEM file to put in the place of the first of them: where renewals arrive, or a copy. */
  renewed_certificate: optional(str),
  /** The files that `control.restore_config` puts back; absent: all of them. */
  kept_config: optional(paths),
  control: optional(control),
});
const database = strictObject({
  ...named,
  ...place,
  kind: kind('databases'),
  url: optional(dsn),
  ...address,
  role: optional(str),
  ca_file: optional(str),
  control: optional(control),
  standbys: optional(v.array(strictObject({ ...named, url: optional(dsn), ...address }))),
  /** Of each process of the application; `processes` of them run on one host. */
  pool: optional(
    strictObject({
      max: optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      metric: optional(str),
      processes: optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      user: optional(str),
      application: optional(str),
    }),
  ),
});
const cache = strictObject({
  ...named,
  ...place,
  kind: kind('caches'),
  url: optional(dsn),
  ...address,
  role: optional(str),
  ca_file: optional(str),
  control: optional(control),
});
/** What customers call a way to pay, for the letters that they get. */
const word = v.pipe(
  str,
  v.regex(/^[^"\\]+$/, (issue) => `expected words without quotes, got ${issue.received}`),
);
const label = strictObject({ en: word, 'zh-CN': word });
const providerQuery = strictObject({
  scheme: v.picklist(['wechat-v3', 'alipay', 'unionpay-online', 'stripe', 'adyen', 'paypal', 'http']),
  /** Where it differs from the provider's url, such as a second city of it. */
  url: optional(url),
  /** Who asks: mchid, app_id, merchant, merId. */
  merchant: optional(str),
  /** Number of the certificate that signs. */
  serial: optional(str),
  /** PEM files that its answers are verified with. */
  platform_certificates: optional(paths),
  /** For `http`: path with {order}, headers with {credential.NAME}, and where the answer says it. */
  path: optional(str),
  headers: optional(v.record(v.string(), str)),
  code_at: optional(str),
  not_found: optional(v.array(str)),
  min_interval: optional(durationText),
});
const provider = strictObject({
  ...named,
  kind: kind('providers'),
  label: optional(label),
  url: optional(url),
  ...address,
  role: optional(str),
  ca_file: optional(str),
  expect_status: optional(expectStatus),
  credentials: optional(secrets),
  status_page: optional(url),
  /** How to ask it for an order that cannot exist, as the check provider.query takes it. */
  query: optional(providerQuery),
});
const cell = v.pipe(v.number(), v.integer(), v.minValue(1));
const switchLink = strictObject({
  ...named,
  host: str,
  port,
  role: optional(str),
  dialect: optional(str),
  framing: optional(str),
  echo: optional(strictObject({ min_interval: optional(durationText), second_session: optional(v.boolean()) })),
});
const transactions = strictObject({
  ...named,
  from: source,
  format: str,
  pattern: optional(str),
  delimiter: optional(str),
  time_format: optional(str),
  zone: optional(str),
  fields: optional(v.record(v.string(), v.nullable(v.union([v.string(), v.number()], 'expected the name or number of a column')))),
  /** Whose codes they are, provider by provider where there are several, and codes of one's own. */
  table: optional(str),
  tables: optional(v.record(v.string(), str)),
  outcomes: optional(v.record(v.string(), str)),
  /** Of the amounts. */
  unit: optional(v.picklist(['major', 'minor'])),
  currency: optional(str),
});
const bound = choose((input) => (typeof input === 'number' ? 1 : 0), str, v.number());
/** A rule that refuses payments: whose it is, what it adds up and what it allows; as the check limits.evaluate takes it. */
const limit = strictObject({
  ...named,
  owner: v.picklist(['ours', 'channel', 'bank', 'scheme', 'regulator']),
  per: optional(v.picklist(['transaction', 'hour', 'day', 'month'])),
  of: optional(v.picklist(['all', 'card', 'merchant', 'terminal', 'method'])),
  min: optional(bound),
  max: optional(bound),
  count: optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  currency: optional(str),
  codes: optional(v.array(str)),
  only: optional(v.record(v.string(), str)),
});
/** Certificates that no port serves: those we show, sign with, or verify a partner's signature with. */
const certificate = strictObject({
  ...named,
  kind: v.picklist(['leaf', 'chain', 'client', 'signing', 'platform', 'encryption', 'terminal']),
  file: str,
  key: optional(str),
  passphrase: optional(secretRef),
  /** The number that the partner knows it by. */
  serial: optional(str),
  provider: optional(str),
});
const totals = strictObject({
  delimiter: optional(str),
  /** What such a record begins with, and in which cell (from 1) it counts and sums up. */
  record: v.record(v.string(), strictObject({ count: optional(cell), sum: optional(cell) })),
  /** What a row begins with, where not every other record is one, and its cell with the amount. */
  rows: optional(strictObject({ prefix: optional(str), sum: optional(cell) })),
  unit: optional(v.picklist(['major', 'minor'])),
});
const settlement = strictObject({
  ...named,
  orders: moneyTable,
  /** `%Y`, `%m` and `%d` in its path are the day that the file is of. */
  statement: moneyTable,
  format: optional(str),
  mapping: optional(str),
  due: optional(v.pipe(str, v.regex(/^\d{2}:\d{2}$/, 'expected a time such as "10:00"'))),
  zone: optional(str),
  /** The file that is due on a day is of so many days before; 1 where nothing is said. */
  days_behind: optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31))),
  /** For rows that name none. */
  currency: optional(str),
  /** Lifetime of an order, how long one may be in processing, and how long a callback may take. */
  expiry: optional(durationText),
  stuck_after: optional(durationText),
  grace: optional(durationText),
  /** Records before and behind the rows that count them and sum them up. */
  totals: optional(totals),
  /** Whole files to be reconciled after an incident, statements of all channels together. */
  reconcile: optional(
    strictObject({ orders: v.array(str), statements: v.array(str), mappings: optional(v.array(str)), margin: optional(durationText) }),
  ),
});
const host = strictObject({ ...named, ssh: str, services: optional(v.array(str)), role: optional(str) });
const rollback = choose((input) => (Array.isArray(input) ? 0 : 1), argv, strictObject({ none: str }));
const action = strictObject({
  run: argv,
  dry_run: optional(argv),
  rollback: optional(rollback),
  /** Prints the state before, to be kept as evidence. */
  show: optional(argv),
  /** Puts back what `show` printed, given as its last argument. */
  restore: optional(argv),
  /** What it can be applied to: the functions that may be switched off, the nodes that may be drained; the tiers of customers, the first is served first. */
  of: optional(v.array(str)),
  timeout: optional(durationText),
});
const contact = strictObject({ name: str, role: optional(str), reach: str });

export const profileShape = strictObject({
  oor: version,
  site: optional(str),
  entry: optional(strictObject({ url, expect_status: optional(expectStatus), ca_file: optional(str), expect_body: optional(str) })),
  services: optional(v.array(service)),
  databases: optional(v.array(database)),
  caches: optional(v.array(cache)),
  providers: optional(v.array(provider)),
  switches: optional(v.array(switchLink)),
  transactions: optional(v.array(transactions)),
  limits: optional(v.array(limit)),
  certificates: optional(v.array(certificate)),
  dns: optional(strictObject({ names: optional(v.record(v.string(), v.array(str))), resolvers: optional(v.array(str)) })),
  time: optional(strictObject({ servers: optional(v.array(str)), zone: optional(str) })),
  network: optional(
    strictObject({
      paths: optional(v.array(strictObject({ ...named, host: str, port: optional(port), role: optional(str) }))),
      allowed_listeners: optional(v.array(port)),
    }),
  ),
  power: optional(strictObject({ ups: optional(str), ipmi: optional(v.boolean()) })),
  disks: optional(v.array(str)),
  settlement: optional(v.array(settlement)),
  hosts: optional(v.array(host)),
  peers: optional(v.record(v.string(), v.array(str))),
  links: optional(v.array(v.pipe(v.array(str), v.length(2, 'expected a pair: [who, depends on whom]')))),
  metrics: optional(
    strictObject({
      prometheus: url,
      ca_file: optional(str),
      credentials: optional(secrets),
      queries: optional(v.record(v.string(), metricQuery)),
    }),
  ),
  calendar: optional(
    strictObject({
      changes: optional(source),
      maintenance: optional(v.array(strictObject({ provider: optional(str), when: str, note: optional(str) }))),
    }),
  ),
  thresholds: optional(
    v.record(
      v.string(),
      v.pipe(
        strictObject({
          warn: optional(v.number()),
          crit: optional(v.number()),
          /** What was warn or fail stays so until the value is back at this bound. */
          warn_clear: optional(v.number()),
          crit_clear: optional(v.number()),
        }),
        v.check((bounds) => Object.keys(bounds).length > 0, 'expected warn, crit, warn_clear or crit_clear'),
      ),
    ),
  ),
  actions: optional(v.record(v.string(), action)),
  contacts: optional(v.array(contact)),
  /** Whom a run tells of an incident; nobody where it is absent. */
  notify: optional(v.array(noticeShape)),
  /** How evidence leaves: the key that signs it, and whom it is encrypted to. */
  bundle: optional(strictObject({ sign_key: optional(str), recipients: optional(v.array(str)) })),
});

/** What an entry of `for: partners` tells, whichever list it comes from: `to`, or `host` and perhaps `port`. */
const partnerShape = strictObject({
  name: str,
  of: str,
  to: v.nullable(dsn),
  host: v.nullable(str),
  port: v.nullable(v.number()),
});

/** The shape of one entry of a list of the profile, for `target.*`; an entry that is only text is read as its `name`. */
export function targetShape(list: string): v.GenericSchema | undefined {
  if (list === PARTNERS) return partnerShape;
  let schema: unknown = profileShape;
  for (const key of list.split('.')) {
    const { entries } = unwrap(schema) as { readonly entries?: Readonly<Record<string, unknown>> };
    schema = entries && Object.hasOwn(entries, key) ? entries[key] : undefined;
  }
  // A map of names is read as a list of {name, addresses}, one of queries as {name, query}.
  const { item, value } = unwrap(schema) as { readonly item?: v.GenericSchema; readonly value?: v.GenericSchema };
  if (value) return list === 'metrics.queries' ? strictObject({ name: str, query: value }) : strictObject({ name: str, addresses: value });
  return item?.type === 'string' ? strictObject({ name: str }) : item;
}

function unwrap(schema: unknown): object {
  const { wrapped } = (schema ?? {}) as { readonly wrapped?: unknown };
  return wrapped === undefined ? ((schema ?? {}) as object) : unwrap(wrapped);
}

export type SiteProfile = v.InferOutput<typeof profileShape>;
