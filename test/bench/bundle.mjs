// Evidence of one machine, packed by `oor run --bundle` and by `sos report --batch`: how long it takes, how large it is, and which of
// twenty secrets of a payment site leave in it. They lie where both tools look: logs, configuration, jobs, the argv of a process. All of
// it in a mount namespace of its own: nothing of this machine is touched.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const self = fileURLToPath(import.meta.url);
const oor = fileURLToPath(new URL('../../bin/oor.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, OOR_STATE_DIR: __, ...env } = process.env;
/** Turn by turn, so that whatever else the machine does hits both. */
const ROUNDS = 3;
const AIM = { share: 1 / 3, bytes: 2 * 1024 * 1024, leaks: 0 };

if (process.argv[2] === undefined) start();
else await measure(process.argv[2]);

/** Again, in a namespace whose /etc and /var/log are copies. */
function start() {
  const usable = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
  if (!usable) {
    console.log('bundle: needs root and unshare(1), for files in places that are its own; not measured here');
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), 'oor-bench-bundle-'));
  try {
    const script = `set -e
      mkdir -p "$1/up" "$1/work" "$1/log"
      mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/up,workdir=$1/work" /etc
      mount --bind "$1/log" /var/log
      exec "$2" "$3" "$1"`;
    const { status } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', dir, process.execPath, self], { stdio: 'inherit', env });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(dir) {
  const secrets = makeSecrets();
  plant(dir, secrets);
  const child = spawn('sleep', ['600'], {
    argv0: `paygw --api-password=${secrets.argv}`,
    stdio: 'ignore',
  });
  try {
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const place = join(dir, `round-${round}`);
      mkdirSync(place);
      return [runOor(dir, place), runSos(place)];
    });
    const results = [0, 1].map((tool) => medianOf(rounds.map((round) => round[tool]))).filter((result) => result !== undefined);
    report(secrets, results);
  } finally {
    child.kill('SIGKILL');
  }
}

// ---------------------------------------------------------------------------------------------- what is planted

/** Of issuers' test ranges, with the check digit right; the rest random, in the forms that issuers document. */
function makeSecrets() {
  const hex = (bytes) => randomBytes(bytes).toString('hex');
  const word = (length) =>
    randomBytes(length * 2)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, length);
  const pans = ['400000', '555555', '622202', '340000', '411111'].map((bin) => withCheckDigit(bin, bin === '340000' ? 15 : 16));
  const [bare, spaced, dashed, amex, encoded] = pans;
  const track = `;${withCheckDigit('510510', 16)}=29121010000012345678?`;
  const jwt = [{ alg: 'HS256', typ: 'JWT' }, { sub: hex(6) }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return {
    pan: bare,
    'pan, spaced': spaced.replace(/(\d{4})(?=\d)/g, '$1 '),
    'pan, dashed': dashed.replace(/(\d{4})(?=\d)/g, '$1-'),
    'pan, 15 digits': amex,
    'pan in base64': Buffer.from(`card=${encoded};`).toString('base64'),
    'track 2': track,
    'verification code': `${100 + randomBytes(1)[0]}`,
    'pin block': hex(8).toUpperCase(),
    'database password': word(14),
    'live key of a payment provider': ['sk', 'live', word(24)].join('_'),
    'cloud secret key': word(40),
    'bearer token': word(32),
    jwt: [...jwt, word(43)].join('.'),
    'basic credentials': Buffer.from(`merchant:${word(12)}`).toString('base64'),
    'private key': word(64),
    'configured password': word(16),
    'client secret': word(28),
    'merchant api key': hex(16),
    'password of a job': word(15),
    argv: word(18),
  };
}

function withCheckDigit(prefix, length) {
  let digits = prefix;
  while (digits.length < length - 1) digits += String(randomBytes(1)[0] % 10);
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}

/** Logs, configuration and jobs where both tools read; the service's own files are named in the profile, as a site would. */
function plant(dir, secrets) {
  const now = new Date().toISOString();
  const of = (name) => secrets[name];
  const log = [
    `payment accepted pan=${of('pan')} amount=12.00`,
    `debug card number ${of('pan, spaced')} declined`,
    `retry for ${of('pan, dashed')}`,
    `amex ${of('pan, 15 digits')} approved`,
    `payload ${of('pan in base64')}`,
    `swipe ${of('track 2')}`,
    `{"cvv":"${of('verification code')}","amount":1}`,
    `pin_block=${of('pin block')}`,
    `connect postgres://pay:${of('database password')}@db.example.test/pay failed`,
    `stripe key ${of('live key of a payment provider')} rejected`,
    `AWS_SECRET_ACCESS_KEY=${of('cloud secret key')}`,
    `Authorization: Bearer ${of('bearer token')}`,
    `token ${of('jwt')}`,
    `Authorization: Basic ${of('basic credentials')}`,
    `{\\"client_secret\\":\\"${of('client secret')}\\"}`,
    `mch_api_key=${of('merchant api key')}`,
  ].map((text) => `${now} paygw[812]: ${text}\n`);
  writeFileSync('/var/log/syslog', log.join(''));
  mkdirSync('/var/log/nginx', { recursive: true });
  const at = new Date().toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
  writeFileSync(
    '/var/log/nginx/access.log',
    `10.0.0.7 - - [${at}] "GET /pay?pan=${of('pan')}&key=${of('live key of a payment provider')} HTTP/1.1" 502 157 "-" "pos/1"\n`,
  );
  writeFileSync(
    '/var/log/nginx/error.log',
    `${now.slice(0, 19).replaceAll('-', '/').replace('T', ' ')} [error] 1#1: upstream timed out, request: "POST /pay?pin_block=${of('pin block')}"\n`,
  );
  mkdirSync('/etc/cron.d', { recursive: true });
  writeFileSync('/etc/cron.d/settlement', `# 5 4 * * * root settle --password=${of('password of a job')}\n`);
  const key = `-----BEGIN PRIVATE KEY-----\n${of('private key')}\n-----END PRIVATE KEY-----\n`;
  writeFileSync('/etc/hosts', `${readFileSync('/etc/hosts', 'utf8')}# password: ${of('configured password')}\n${key.replace(/^/gm, '# ')}`);
  const profile = `oor: 1
site: bench
services:
  - { name: web, kind: web, process: nginx, access_log: /var/log/nginx/access.log, error_log: /var/log/nginx/error.log }
  - { name: paygw, kind: app, process: sleep, log: /var/log/syslog, config: [ /etc/hosts, /etc/cron.d/settlement ] }
`;
  writeFileSync(join(dir, 'oor.yaml'), profile);
}

// ---------------------------------------------------------------------------------------------- the two tools

function runOor(dir, place) {
  const file = join(place, 'oor.tar.gz');
  const argv = [
    oor,
    'run',
    '--profile',
    join(dir, 'oor.yaml'),
    '--state-dir',
    join(dir, 'state'),
    '--no-input',
    '--quiet',
    '--bundle',
    file,
  ];
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd: dir, env, encoding: 'utf8' });
  const ms = performance.now() - begun;
  if (status === 8 || status === 70) throw new Error(`oor run: exit ${status}\n${stderr}`);
  return { name: 'oor run --bundle', ms, bytes: statSync(file).size, text: unpack(place, file, 'oor') };
}

function runSos(dir) {
  if (spawnSync('sh', ['-c', 'command -v sos']).status !== 0) return undefined;
  const place = join(dir, 'sos');
  mkdirSync(place);
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync('sos', ['report', '--batch', '--tmp-dir', place], { cwd: dir, env, encoding: 'utf8' });
  const ms = performance.now() - begun;
  const archive = readdirSync(place).find((name) => /\.tar\.(?:xz|gz|bz2)$/.test(name));
  if (status !== 0 || archive === undefined) throw new Error(`sos report: exit ${status}\n${stdout}\n${stderr}`);
  const file = join(place, archive);
  chmodSync(file, 0o600);
  return { name: 'sos report --batch', ms, bytes: statSync(file).size, text: unpack(dir, file, 'sos-out') };
}

/** The round of the middle time, with what leaked in any of them. */
function medianOf(rounds) {
  if (rounds.some((round) => round === undefined)) return undefined;
  const middle = rounds.toSorted((one, other) => one.ms - other.ms)[Math.floor(rounds.length / 2)];
  return { ...middle, text: rounds.map(({ text }) => text).join('\n') };
}

/** All that is in it, compressed files unpacked, as one text. */
function unpack(dir, file, name) {
  const folder = join(dir, `${name}-unpacked`);
  mkdirSync(folder);
  const { status, stderr } = spawnSync('tar', ['xf', file, '-C', folder, '--no-same-owner', '--no-same-permissions'], { encoding: 'utf8' });
  if (status !== 0) console.log(`tar, some of ${name}: ${stderr.split('\n')[0]}`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? tryGunzip(bytes) : bytes;
      return `${entry.name}\n${plain.toString('latin1')}`;
    })
    .join('\n');
}

function tryGunzip(bytes) {
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

// ---------------------------------------------------------------------------------------------- the table

function report(secrets, results) {
  /** A verification code is three digits, which stand everywhere: it counts with its name. */
  const leaks = ({ text }) =>
    Object.entries(secrets).filter(([name, value]) => text.includes(name === 'verification code' ? `cvv":"${value}` : value));
  console.log('evidence of one machine   time        size        secrets that leave');
  for (const result of results) {
    const found = leaks(result).map(([name]) => name);
    const size = `${(result.bytes / 1024 / 1024).toFixed(2)} MiB`;
    console.log(
      `${result.name.padEnd(22)} ${`${(result.ms / 1_000).toFixed(1)} s`.padStart(8)} ${size.padStart(12)}   ${found.length} of ${Object.keys(secrets).length}${found.length > 0 ? `: ${found.join(', ')}` : ''}`,
    );
  }
  const [own, sos] = results;
  // What was never collected proves nothing.
  if (!/payment accepted pan=/.test(own.text)) throw new Error('the log is not in the bundle of oor');
  if (!sos) console.log('sos is not here (Debian: sosreport), so there is nothing to compare with');
  const share = sos && own.ms / sos.ms;
  const held = leaks(own).length <= AIM.leaks && own.bytes <= AIM.bytes && (share === undefined || share <= AIM.share);
  console.log(
    `bound: ${AIM.leaks} secrets, 2 MiB, a third of the time (${share === undefined ? 'not compared' : share.toFixed(2)}): ${held ? 'held' : 'MISSED'}`,
  );
  process.exitCode = held ? 0 : 1;
}
