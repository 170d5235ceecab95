/** The sections of a snapshot that the profile names: files, services, certificates, names, versions. */
import { HostError } from '../errors.ts';
import type { CertificateFacts, Json, JsonObject } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { mapLimited } from './linux.ts';
import { findProcesses } from './proc-find.ts';
import { eachItem, type Item, join, type Section } from './snapshot-section.ts';
import { isAddressLiteral } from './target.ts';

/** Files of one folder of configuration, deep. */
const MAX_FILES = 500;
const MAX_DEPTH = 5;

/** Configuration, environment and manifests of the services, the profile's trust anchors, and what resolves names here. */
export async function hashFiles({ host }: ProbeContext, profile: JsonObject): Promise<Section> {
  const services = localServices(profile, host.name);
  const named = services.flatMap(({ config, env_file, manifest, version }) => [
    ...texts(config),
    ...texts(env_file),
    ...texts(manifest),
    ...texts(isMap(version) ? version['file'] : undefined),
  ]);
  const anchors = [
    profile['entry'],
    ...entriesOf(profile, 'providers'),
    ...entriesOf(profile, 'databases'),
    ...entriesOf(profile, 'caches'),
  ];
  const paths = [
    ...named,
    ...anchors.flatMap((entry) => (isMap(entry) ? texts(entry['ca_file']) : [])),
    '/etc/hosts',
    '/etc/nsswitch.conf',
  ];
  const expanded = await Promise.all([...new Set(paths)].map((path) => expand(host, path, 0)));
  const files = [...new Set(expanded.flatMap(({ files: found }) => found))];
  const section = await eachItem(
    files,
    (path) => path,
    async (path) => await describeFile(host, path),
  );
  const closed = Object.entries(section.items).filter(([, item]) => item['sha256'] === null);
  const contents = closed.map(([path]) => ({
    item: `content of ${path}`,
    why: 'not allowed to read it',
    unlock: 'run as root, or as the owner of the file',
  }));
  return { ...section, unseen: [...section.unseen, ...contents, ...expanded.flatMap(({ unseen }) => unseen)] };
}

interface Expanded {
  readonly files: readonly string[];
  readonly unseen: Section['unseen'];
}

/** A folder stands for the files in it. What is not there is left out: that it is gone shows against the earlier snapshot. */
async function expand(host: ProbeContext['host'], path: string, depth: number): Promise<Expanded> {
  try {
    const { kind } = await host.stat(path);
    if (kind === 'file') return { files: [path], unseen: [] };
    if (kind !== 'directory') return { files: [], unseen: [] };
    if (depth >= MAX_DEPTH) return { files: [], unseen: [{ item: path, why: 'too deep', unlock: 'name the files in the profile' }] };
    const names = [...(await host.list(path))].sort();
    const below = await mapLimited(names.slice(0, MAX_FILES), 16, (name) => expand(host, `${path.replace(/\/$/, '')}/${name}`, depth + 1));
    const files = below.flatMap((found) => found.files);
    const more = names.length > MAX_FILES || files.length > MAX_FILES;
    const limit = more ? [{ item: path, why: `more than ${MAX_FILES} files`, unlock: 'name the files in the profile' }] : [];
    return { files: files.slice(0, MAX_FILES), unseen: [...below.flatMap((found) => found.unseen), ...limit] };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.reason === 'not-found') return { files: [], unseen: [] };
    return { files: [], unseen: [{ item: path, why: error.message, unlock: error.unlock ?? 'run as root' }] };
  }
}

async function describeFile(host: ProbeContext['host'], path: string): Promise<Item> {
  const { size, mode, uid, gid, modifiedAt } = await host.stat(path);
  const item = { size, mode: `0${mode.toString(8)}`, owner: `${uid}:${gid}`, modified_at: new Date(modifiedAt).toISOString() };
  try {
    return { sha256: await host.hashFile(path), ...item };
  } catch (error) {
    if (error instanceof HostError && error.reason === 'no-permission') return { sha256: null, ...item };
    throw error;
  }
}

export async function listServices({ host }: ProbeContext, profile: JsonObject): Promise<Section> {
  return await eachItem(
    localServices(profile, host.name),
    (service) => String(service['name']),
    async ({ process }) =>
      typeof process === 'string' ? { running: (await findProcesses(host, process)).some(({ stat }) => stat.state !== 'Z') } : undefined,
  );
}

/** On disk as the services name them, and as they are served. */
export async function listCertificates({ host, net }: ProbeContext, profile: JsonObject): Promise<Section> {
  const paths = localServices(profile, host.name).flatMap(({ certificates }) => texts(certificates));
  const onDisk = await eachItem(
    [...new Set(paths)],
    (path) => `file ${path}`,
    async (path) => {
      try {
        return describeChain(await net.certificatesInFile(path));
      } catch (error) {
        if (error instanceof HostError && error.reason === 'not-found') return undefined;
        throw error;
      }
    },
  );
  const served = await eachItem(
    tlsEndpoints(profile),
    ({ address, port }) => `served ${address}:${port}`,
    async ({ address, port }) => {
      const { chain, outcome } = await net.tls({ host: address, port, timeoutMs: 5_000 });
      if (chain.length === 0)
        throw new HostError('unreachable', `${address}:${port} showed no certificate: ${outcome}`, 'ask again when it answers');
      return describeChain(chain);
    },
  );
  return join(onDisk, served);
}

function describeChain(chain: readonly CertificateFacts[]): Item | undefined {
  const [leaf, ...others] = chain;
  if (!leaf) return undefined;
  return {
    fingerprint: leaf.fingerprint256,
    subject: leaf.subject,
    issuer: leaf.issuer,
    not_after: new Date(leaf.notAfter).toISOString(),
    names: [...leaf.names],
    intermediates: others.map(({ fingerprint256 }) => fingerprint256),
  };
}

/** Every name of the profile, as this machine and as each resolver of the profile answer it. */
export async function listNames({ net }: ProbeContext, profile: JsonObject): Promise<Section> {
  const dns = isMap(profile['dns']) ? profile['dns'] : {};
  const names = [...new Set([...(isMap(dns['names']) ? Object.keys(dns['names']) : []), ...hostNames(profile)])];
  const questions = names.flatMap((name) => [undefined, ...texts(dns['resolvers'])].map((resolver) => ({ name, resolver })));
  return await eachItem(
    questions,
    ({ name, resolver }) => `${name}${resolver === undefined ? '' : ` at ${resolver}`}`,
    async ({ name, resolver }) => {
      const { outcome, addresses } = await net.dns({ name, type: 'A', timeoutMs: 3_000, ...(resolver !== undefined && { resolver }) });
      if (!['answered', 'no-such-name', 'no-data'].includes(outcome))
        throw new HostError('unreachable', `${name}: ${outcome}`, 'ask again when the resolver answers');
      return { answer: outcome, addresses: [...addresses].sort() };
    },
  );
}

export async function listVersions({ host }: ProbeContext, profile: JsonObject): Promise<Section> {
  return await eachItem(
    localServices(profile, host.name),
    (service) => String(service['name']),
    async ({ version }) => {
      if (!isMap(version)) return undefined;
      const [argv, file] = [texts(version['argv']), version['file']];
      if (argv.length > 0) return { version: firstLine((await host.run(argv, { timeoutMs: 5_000 })).stdout) };
      return typeof file === 'string' ? { version: firstLine((await host.readFile(file, { maxBytes: 4_096 })).text) } : undefined;
    },
  );
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 200);
}

function tlsEndpoints(profile: JsonObject): { readonly address: string; readonly port: number }[] {
  const found = siteUrls(profile).flatMap((url) =>
    url.protocol === 'https:' ? [{ address: bare(url.hostname), port: Number(url.port || 443) }] : [],
  );
  return [...new Map(found.map((endpoint) => [`${endpoint.address}:${endpoint.port}`, endpoint])).values()];
}

function hostNames(profile: JsonObject): string[] {
  const addresses = [
    ...entriesOf(profile, 'providers'),
    ...entriesOf(profile, 'databases'),
    ...entriesOf(profile, 'caches'),
    ...entriesOf(profile, 'switches'),
  ];
  const names = [...siteUrls(profile).map(({ hostname }) => bare(hostname)), ...addresses.flatMap((entry) => texts(entry['host']))];
  return names.filter((name) => name !== '' && !isAddressLiteral(name) && name !== 'localhost');
}

function siteUrls(profile: JsonObject): URL[] {
  const entry = isMap(profile['entry']) ? texts(profile['entry']['url']) : [];
  const health = entriesOf(profile, 'services').flatMap((service) => texts(service['health']));
  const others = ['providers', 'caches', 'databases'].flatMap((list) =>
    entriesOf(profile, list).flatMap(({ url }) => (typeof url === 'string' ? [url] : [])),
  );
  return [...entry, ...health, ...others].flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []));
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function localServices(profile: JsonObject, localHost: string): readonly JsonObject[] {
  const elsewhere = entriesOf(profile, 'hosts').flatMap(({ services }) => texts(services));
  return entriesOf(profile, 'services').filter(({ on, name }) => (on === undefined ? !elsewhere.includes(String(name)) : on === localHost));
}

function entriesOf(profile: JsonObject, list: string): readonly JsonObject[] {
  const found = profile[list];
  return Array.isArray(found) ? (found as readonly Json[]).filter(isMap) : [];
}

/** A text, or a list of texts. */
function texts(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).filter((entry) => typeof entry !== 'object').map(String);
  return typeof value === 'string' ? [value] : [];
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
