/** `oor init`: looks at this machine, asks what it cannot see, writes the site profile with where each line comes from. */
import { loadChecks } from '../checks/index.ts';
import type { HostAccess } from '../engine/probe.ts';
import { ExitCode, OorError } from '../errors.ts';
import { parseProfile } from '../playbook/profile.ts';
import type { Host, HostActor, JsonObject, Protocols, Secrets, Text } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { readAnswers } from './answers.ts';
import { type Asker, createAsker } from './init-ask.ts';
import { keepCopies } from './init-copies.ts';
import { draftSections, type Found, namePeers } from './init-draft.ts';
import { findControls, findHosts } from './init-hosts.ts';
import { lookAround, type Seen, TIME_DAEMON } from './init-look.ts';
import { collectPeers, collectSwitchPeers, type FoundPeer, resolveNames, type SwitchPeer } from './init-peers.ts';
import { type Answering, findAnswer, findStandbys } from './init-reach.ts';
import { type FoundService, findServices } from './init-services.ts';
import { describeEnd, describeFound, INTRODUCTION } from './init-words.ts';
import { renderProfile } from './init-yaml.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

const DEFAULT_FILE = 'oor.yaml';
const READ_LIMIT = 256 * 1024;
/** It holds no secret, names them only, and all who are on call must be able to read it. */
const FOR_ALL = 0o644;
const DIALECTS = ['iso87-ascii', 'iso87-binary', 'iso93', 'unionpay-pos', 'unknown'];

export interface InitOptions extends GlobalOptions {
  readonly force?: boolean;
}

export async function initCommand(services: Services, words: readonly string[], options: InitOptions): Promise<number> {
  if (words.length > 1) throw usage(`oor init takes one file, got ${words.join(' ')}`, 'oor init [oor.yaml]');
  const file = words[0] ?? options.profile ?? DEFAULT_FILE;
  const access = (await services.hosts({}))(services.localHost);
  if (!access) throw new OorError({ code: 'no-host', message: 'this machine cannot be looked at', exitCode: ExitCode.internal });
  const answers = await readAnswers(services, options);
  const operator = await services.operator(policyOf(options, services), { ...answers, allowFix: [] });
  const asker = createAsker(operator, services.interruption);
  await refuseOverwriting(services, asker, file, options.force === true);
  const { language } = policyOf(options, services);
  const say = (text: Text): void => (options.quiet ? undefined : services.err(`${text[language] ?? text.en}\n`));
  say(INTRODUCTION);
  const found = await find({
    host: access.host,
    net: access.net,
    secrets: access.secrets,
    remote: (hosts) => services.hosts({ hosts }),
    actor: (await services.actors({}))(services.localHost),
    asker,
    say,
    home: services.env['HOME'] ?? '/root',
  });
  const text = renderProfile(headerOf(services), draftSections(found));
  await refuseInvalid(file, text);
  await services.writeFile(file, text, FOR_ALL);
  const unknown = operator.unused();
  if (unknown.length > 0) await tell(services, options, `no question is called ${unknown.join(', ')}`);
  const counts = countsOf(found);
  if (options.json) await services.out(jsonLine({ schema_version: 1, file, site: found.site, found: counts }));
  else await services.out(describeEnd({ file, run: file === DEFAULT_FILE ? 'oor run' : `oor run --profile ${file}` }, counts, language));
  return ExitCode.healthy;
}

async function refuseOverwriting(services: Services, asker: Asker, file: string, force: boolean): Promise<void> {
  if (force || (await services.readFile(file, READ_LIMIT)) === undefined) return;
  if (await asker.confirm('overwrite', { en: `${file} exists. Replace it?`, 'zh-CN': `${file} 已存在，是否替换？` }, false)) return;
  throw new OorError({
    code: 'file-exists',
    message: `${file} exists and is not replaced`,
    hint: 'another name: oor init FILE, or --force',
    exitCode: ExitCode.usage,
  });
}

/** What is written can be read again: anything else is a defect, and no file. */
async function refuseInvalid(file: string, text: string): Promise<void> {
  const parsed = parseProfile({ file, text, registry: await loadChecks() });
  if (parsed.ok) return;
  const [problem] = parsed.problems;
  throw new OorError({
    code: 'bad-draft',
    message: `the draft is no valid profile: line ${problem?.line}: ${problem?.message}`,
    hint: 'report it; nothing was written',
    exitCode: ExitCode.internal,
  });
}

function headerOf({ localHost, version, clock }: Services): string[] {
  const day = new Date(clock.now().wallMs).toISOString().slice(0, 10);
  return [
    `The site profile, written by oor init ${version} on ${localHost}, ${day}. Read it, correct it, keep it with the release.`,
    'No secret stands in it: {file: PATH, key: NAME} says where one is read when it is needed.',
  ];
}

interface Finding {
  readonly host: Host;
  readonly net: Protocols;
  readonly secrets: Secrets;
  /** Other machines, as the profile would name them. */
  readonly remote: (hosts: readonly JsonObject[]) => Promise<(name: string) => HostAccess | undefined>;
  readonly actor: HostActor | undefined;
  readonly asker: Asker;
  readonly say: (text: Text) => void;
  readonly home: string;
}

async function find(at: Finding): Promise<Found> {
  const { host, net, asker, say } = at;
  say({ en: 'looking at processes, sockets, configuration ...', 'zh-CN': '正在查看进程、套接字、配置……' });
  const seen = await settleTime(net, await lookAround(host));
  const services = await findServices(at, seen);
  const peers = await collectPeers(host, services);
  say(describeFound(services, peers.length));
  const entry = await findEntry(at, services, peers);
  const site = await asker.text('site', { en: 'What is this site called?', 'zh-CN': '站点名称？' }, siteName(entry?.url, host.name));
  const answering = await findAnswers(at, peers);
  const resolved = await resolveNames(net, [
    ...peers.map((peer) => peer.host),
    ...seen.timeServers,
    ...(entry ? [new URL(entry.url).hostname] : []),
  ]);
  const keep =
    resolved.size === 0 ||
    (await asker.confirm(
      'names',
      {
        en: `Shall these names always resolve as now? ${showNames(resolved)}`,
        'zh-CN': `这些域名是否应始终解析为当前地址？${showNames(resolved)}`,
      },
      true,
    ));
  const switches = await nameSwitches(at, collectSwitchPeers(seen, services, peers), peers, resolved);
  const hosts = await findHosts(at, seen, peers, resolved);
  const standbys = new Map<string, readonly string[]>();
  for (const peer of peers.filter(({ kind }) => kind === 'postgres'))
    standbys.set(`${peer.host}:${peer.port}`, await findStandbys(net, at.secrets, peer));
  const controls = await findControls(at.remote, hosts, peers, resolved);
  const kept = await keepCopies(at, services);
  return { site, entry, seen, services, kept, peers, answering, standbys, controls, switches, names: keep ? resolved : new Map(), hosts };
}

/** One company often answers at one address for both its API and its card line: then both have its name. */
async function nameSwitches(
  { asker }: Finding,
  found: readonly SwitchPeer[],
  peers: readonly FoundPeer[],
  resolved: ReadonlyMap<string, readonly string[]>,
): Promise<Found['switches']> {
  const providers = namePeers(peers).filter(({ kind }) => kind === 'http');
  const switches = [];
  for (const [index, peer] of found.entries()) {
    const at = `${peer.host}:${peer.port}`;
    const dialect = await asker.choose(
      `dialect:${at}`,
      { en: `Which dialect of ISO 8583 does ${at} speak?`, 'zh-CN': `${at} 使用哪种 ISO 8583 方言？` },
      DIALECTS,
      'unknown',
    );
    const owner = providers.find(({ host }) => host === peer.host || resolved.get(host)?.includes(peer.host))?.name;
    const suggestion = owner ?? (index === 0 ? 'acquirer' : `acquirer-${index + 1}`);
    const name = await asker.text(`switch:${at}`, { en: `What is ${at} called?`, 'zh-CN': `${at} 的名称？` }, suggestion);
    switches.push({ ...peer, name, dialect: dialect === 'unknown' ? undefined : dialect });
  }
  return switches;
}

/** A configuration that no daemon reads names nobody; then the usual names of the domain are tried. */
async function settleTime(net: Protocols, seen: Seen): Promise<Seen> {
  if (seen.processes.some(({ names }) => names.some((name) => TIME_DAEMON.test(name)))) return seen;
  for (const name of seen.domains.flatMap((domain) => [`ntp.${domain}`, `time.${domain}`])) {
    const answer = await net.sntp({ host: name, port: 123 }, { timeoutMs: 2_000 }).catch(() => undefined);
    if (answer) return { ...seen, timeServers: [name], timeFile: 'it answers; no daemon keeps the time here' };
  }
  return { ...seen, timeServers: [], timeFile: '' };
}

/** The name and port of a web server with TLS; the path that answers. */
async function findEntry({ net, asker }: Finding, services: readonly FoundService[], peers: readonly FoundPeer[]): Promise<Found['entry']> {
  const servers = services.flatMap(({ nginx }) => nginx?.servers ?? []).filter(({ proxiedPorts }) => proxiedPorts.length > 0);
  const origins = servers.flatMap(({ names, listens }) => {
    const name = names.find((one) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(one));
    const listen = listens.find(({ tls }) => tls) ?? listens[0];
    if (name === undefined || !listen) return [];
    const usual = listen.port === (listen.tls ? 443 : 80);
    return [`${listen.tls ? 'https' : 'http'}://${name}${usual ? '' : `:${listen.port}`}`];
  });
  const [origin] = origins;
  const health = services.find(({ kind, health: url }) => kind === 'app' && url !== undefined)?.health;
  const first = health === undefined ? undefined : new URL(health).pathname;
  const answer = origin === undefined ? undefined : await findAnswer(net, origin, first === undefined ? {} : { first });
  const suggestion = answer?.url ?? (origin === undefined ? '' : `${origin}/`);
  const url = await asker.text(
    'entry',
    {
      en: 'Which address do customers reach? One that only reads, such as https://pay.example.com/health',
      'zh-CN': '客户访问哪个地址？请给只读地址，例如 https://pay.example.com/health',
    },
    suggestion,
  );
  if (!/^https?:\/\/[^\s/]+/.test(url)) return undefined;
  const status = url === answer?.url ? answer.status : undefined;
  const note = url === suggestion ? 'server_name and listen of the web server' : 'answered';
  return { url, status, caFile: await findAuthority(net, url, peers), note };
}

/** Where the system does not trust the entry's certificate: a CA file of the settings with which it is trusted. */
async function findAuthority(net: Protocols, url: string, peers: readonly FoundPeer[]): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return undefined;
  const trustedWith = async (caFile?: string): Promise<boolean> => {
    const request = { host: hostname, port: port === '' ? 443 : Number(port), timeoutMs: 4_000, ...(caFile !== undefined && { caFile }) };
    return (await net.tls(request).catch(() => undefined))?.trusted !== false;
  };
  if (await trustedWith()) return undefined;
  for (const caFile of new Set(peers.flatMap((peer) => peer.caFile ?? []))) if (await trustedWith(caFile)) return caFile;
  return undefined;
}

async function findAnswers({ net, asker }: Finding, peers: readonly FoundPeer[]): Promise<ReadonlyMap<string, Answering>> {
  const found = new Map<string, Answering>();
  const http = peers.filter(({ kind }) => kind === 'http');
  if (http.length === 0) return found;
  const names = http.map(({ host }) => host).join(', ');
  const question = {
    en: `May oor ask ${names} for /health, /status or / (GET, no login)?`,
    'zh-CN': `是否可向 ${names} 发送 GET /health、/status 或 /（不登录）？`,
  };
  if (!(await asker.confirm('providers', question, false))) return found;
  for (const { host, port, tls, caFile } of http) {
    const answer = await findAnswer(net, `${tls ? 'https' : 'http'}://${host}:${port}`, caFile === undefined ? {} : { caFile });
    if (answer) found.set(`${host}:${port}`, answer);
  }
  return found;
}

/** `acme` of `pay.acme.test`. */
function siteName(url: string | undefined, hostName: string): string {
  const labels = url === undefined ? [] : new URL(url).hostname.split('.');
  const label = labels.length >= 2 && !/^[\d.]+$/.test(labels.join('.')) ? labels.at(-2) : undefined;
  return label ?? hostName;
}

function showNames(names: ReadonlyMap<string, readonly string[]>): string {
  return [...names].map(([name, addresses]) => `${name} = ${addresses.join(' ')}`).join(', ');
}

function countsOf({ services, peers, switches, hosts, entry }: Found): Readonly<Record<string, number>> {
  return { entry: entry ? 1 : 0, services: services.length, peers: peers.length, switches: switches.length, hosts: hosts.length };
}
