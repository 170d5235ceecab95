// Logs as payment systems write them, time ordered, in four shapes; three lines in a hundred match one of the patterns.
import { closeSync, openSync, writeSync } from 'node:fs';

const HIT_SHARE = 0.03;
const BODIES = 8192;
const START = Date.UTC(2026, 0, 15, 0, 0, 0);

/** Forty questions to a log, in the syntax that RE2 and `grep -E` share, and what makes each true. */
const QUESTIONS = [
  ['connect\\(\\) failed \\(111: Connection refused\\)', 'connect() failed (111: Connection refused) while connecting to upstream'],
  ['upstream timed out', 'upstream timed out (110: Connection timed out) while reading response header from upstream'],
  ['no live upstreams', 'no live upstreams while connecting to upstream'],
  ['upstream prematurely closed connection', 'upstream prematurely closed connection while reading response header'],
  ['recv\\(\\) failed \\(104: Connection reset', 'recv() failed (104: Connection reset by peer) while reading upstream'],
  ['SSL_do_handshake\\(\\) failed', 'SSL_do_handshake() failed (SSL: error:0A000086:SSL routines::certificate verify failed)'],
  ['worker_connections are not enough', '1024 worker_connections are not enough'],
  ['too many open files', 'accept4() failed (24: too many open files)'],
  ['client intended to send too large body', 'client intended to send too large body: 10485761 bytes'],
  ['limiting requests, excess', 'limiting requests, excess: 20.480 by zone "pay"'],
  ['QueuePool limit of size [0-9]+', 'QueuePool limit of size 20 overflow 10 reached, connection timed out'],
  ['remaining connection slots are reserved', 'FATAL: remaining connection slots are reserved for superusers'],
  ['HikariPool-[0-9]+ - Connection is not available', 'HikariPool-1 - Connection is not available, request timed out after 30000ms'],
  ['deadlock detected', 'ERROR: deadlock detected'],
  ['canceling statement due to (statement timeout|user request)', 'ERROR: canceling statement due to statement timeout'],
  ['password authentication failed for user', 'FATAL: password authentication failed for user "paygw"'],
  ['could not serialize access', 'ERROR: could not serialize access due to concurrent update'],
  ['read-only transaction', 'ERROR: cannot execute INSERT in a read-only transaction'],
  ['Lock wait timeout exceeded', 'Lock wait timeout exceeded; try restarting transaction'],
  ['Too many connections', 'ERROR 1040 (HY000): Too many connections'],
  ['java\\.net\\.SocketTimeoutException: (Read|connect) timed out', 'java.net.SocketTimeoutException: Read timed out'],
  ['java\\.lang\\.OutOfMemoryError', 'java.lang.OutOfMemoryError: Java heap space'],
  ['unable to create (new )?native thread', 'java.lang.OutOfMemoryError: unable to create native thread'],
  ['NullPointerException', 'java.lang.NullPointerException: Cannot invoke "Order.amount()"'],
  ['certificate has expired', 'x509: certificate has expired or is not yet valid'],
  ['PKIX path building failed', 'PKIX path building failed: unable to find valid certification path'],
  ['ECONNREFUSED', 'connect ECONNREFUSED 10.20.4.11:8443'],
  ['ETIMEDOUT', 'connect ETIMEDOUT 203.0.113.7:443'],
  ['ENOSPC', 'ENOSPC: no space left on device, write'],
  ['getaddrinfo (ENOTFOUND|EAI_AGAIN)', 'getaddrinfo ENOTFOUND api.bank.example'],
  ['Out of memory: Killed process [0-9]+', 'Out of memory: Killed process 4211 (java) total-vm:8123456kB'],
  ['segfault at', 'paygw[811]: segfault at 0 ip 00007f3a rsp 00007ffd error 4'],
  ['blocked for more than [0-9]+ seconds', 'task kworker/1:2 blocked for more than 120 seconds'],
  ['I/O error, dev [a-z]+', 'blk_update_request: I/O error, dev sda, sector 812391'],
  ['nf_conntrack: table full', 'nf_conntrack: nf_conntrack: table full, dropping packet'],
  ['signature verification failed', 'provider callback rejected: signature verification failed'],
  ['duplicate order', 'charge refused: duplicate order 20260115000131'],
  ['insufficient provider balance', 'payout refused: insufficient provider balance'],
  ['circuit breaker (open|half-open)', 'circuit breaker open for provider unionpay'],
  ['rate limit exceeded', 'provider answered 429: rate limit exceeded'],
];

export const PATTERNS = QUESTIONS.map(([pattern]) => pattern);

const HOSTS = ['gw-1', 'gw-2', 'app-1', 'app-2'];
const PATHS = [
  '/api/v1/pay',
  '/api/v1/refund',
  '/api/v1/query',
  '/notify/alipay',
  '/notify/wechat',
  '/health',
  '/checkout',
  '/static/app.js',
];
const CLASSES = ['PayService', 'OrderDao', 'ProviderClient', 'NotifyController', 'ReconcileJob'];
const QUIET = [
  'charge accepted',
  'order created',
  'callback delivered',
  'session opened for user paygw',
  'connection returned to pool',
  'request finished',
  'provider answered',
  'ledger entry written',
];

/** Each makes the part of a line behind its time, quiet or with the words of a hit. */
export const SHAPES = {
  nginx: {
    time: (ms) => nginxTime(ms),
    body: (random, hit) =>
      hit
        ? ` [error] 811#811: *${random(1e6)} ${hit}, client: ${address(random)}, server: pay.example, request: "POST ${pick(random, PATHS)} HTTP/1.1"`
        : ` ${address(random)} - - "POST ${pick(random, PATHS)}?id=${random(1e9)} HTTP/1.1" 200 ${random(9000)} "https://shop.example/cart/${random(1e6)}" "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36" rt=0.${100 + random(900)} ua="10.20.4.${random(250)}:8080" us="200"`,
  },
  json: {
    time: (ms) => `{"time":"${new Date(ms).toISOString()}",`,
    body: (random, hit) =>
      `"level":"${hit ? 'error' : 'info'}","host":"${pick(random, HOSTS)}","trace":"${hex(random)}${hex(random)}","order":"2026${random(1e9)}","amount":${random(1e5) / 100},"currency":"CNY","message":"${(hit ?? pick(random, QUIET)).replaceAll('"', '\\"')}","ms":${random(900)}}`,
  },
  java: {
    time: (ms) => new Date(ms).toISOString().replace('T', ' ').replace('.', ',').slice(0, 23),
    body: (random, hit) =>
      hit
        ? ` ERROR [exec-${random(64)}] c.e.pay.${pick(random, CLASSES)} - ${hit}\n${Array.from({ length: 6 }, () => `\tat com.example.pay.${pick(random, CLASSES)}.run(${pick(random, CLASSES)}.java:${random(900)})`).join('\n')}`
        : ` INFO  [exec-${random(64)}] c.e.pay.${pick(random, CLASSES)} - ${pick(random, QUIET)} order=2026${random(1e9)} trace=${hex(random)} took=${random(900)}ms`,
  },
  syslog: {
    time: (ms) => new Date(ms).toISOString(),
    body: (random, hit) =>
      ` ${pick(random, HOSTS)} ${hit ? 'kernel' : 'paygw'}[${random(9999)}]: ${hit ?? `${pick(random, QUIET)} id=${hex(random)} peer=${address(random)}`}`,
  },
};

/** Writes about so many bytes of the shapes, mixed as given; returns the time of the last line. */
export function writeLog(path, bytes, shapes) {
  const random = makeRandom(20260115);
  const bodies = shapes.map((name) => makeBodies(random, SHAPES[name]));
  const file = openSync(path, 'w');
  let ms = START;
  for (let written = 0; written < bytes; ) {
    const lines = [];
    for (let count = 0; count < 8192; count += 1) {
      const turn = random(shapes.length);
      const { quiet, hits } = bodies[turn];
      const from = random(1000) < HIT_SHARE * 1000 ? hits : quiet;
      if (count % 16 === 0) ms += 200;
      lines.push(stamp(SHAPES[shapes[turn]], ms) + from[random(from.length)]);
    }
    written += writeSync(file, `${lines.join('\n')}\n`, null, 'latin1');
  }
  closeSync(file);
  return ms;
}

const stamps = new Map();
function stamp(shape, ms) {
  const last = stamps.get(shape);
  if (last?.ms === ms) return last.text;
  const text = shape.time(ms);
  stamps.set(shape, { ms, text });
  return text;
}

function makeBodies(random, { body }) {
  return {
    quiet: Array.from({ length: BODIES }, () => body(random, undefined)),
    hits: Array.from({ length: BODIES }, (_, index) => body(random, QUESTIONS[index % QUESTIONS.length][1])),
  };
}

function makeRandom(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function pick(random, list) {
  return list[random(list.length)];
}

function hex(random) {
  return random(2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

function address(random) {
  return `${1 + random(220)}.${random(250)}.${random(250)}.${random(250)}`;
}

function nginxTime(ms) {
  const [date, time] = new Date(ms).toISOString().split('T');
  return `${date.replaceAll('-', '/')} ${time.slice(0, 8)}`;
}
