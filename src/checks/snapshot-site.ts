/** The sections of a snapshot that the profile names: files, services, certificates, names, versions. */
import { HostError } from '../errors.ts';
import type { CertificateFacts, JsonObject } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { resolveAddresses } from './connect.ts';
import { findProcesses } from './proc-find.ts';
import { entriesOf, isMap, localServices, texts } from './site-entries.ts';
import { describeFiles } from './snapshot-files.ts';
import { eachItem, type Item, join, type Section } from './snapshot-section.ts';
import { bareHost, isAddressLiteral } from './target.ts';

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
  return await describeFiles(host, paths);
}

export async function listServices({ host }: ProbeContext, profile: JsonObject): Promise<Section> {
  return await eachItem(
    localServices(profile, host.name),
    (service) => String(service['name']),
    async ({ process }) =>
      typeof process === 'string' ? { running: (await findProcesses(host, process)).some(({ stat }) => stat.state !== 'Z') } : undefined,
  );
}

const MAX_NODES = 8;

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
      // Every node behind the name, so that it does not matter which one a resolver names first.
      const { addresses } = await resolveAddresses(net, address, 3_000);
      const nodes = addresses.length > 0 ? addresses.slice(0, MAX_NODES) : [address];
      const met = await Promise.all(nodes.map((node) => net.tls({ host: address, address: node, port, timeoutMs: 5_000 })));
      const chains = met.map(({ chain }) => chain).filter((chain) => chain.length > 0);
      if (chains.length === 0)
        throw new HostError('unreachable', `${address}:${port} showed no certificate: ${met[0]?.outcome}`, 'ask again when it answers');
      const [first] = chains.toSorted((one, other) => (one[0]?.notAfter ?? 0) - (other[0]?.notAfter ?? 0));
      const leaves = [...new Set(chains.map((chain) => chain[0]?.fingerprint256 ?? ''))].sort();
      const item = describeChain(first ?? []);
      return item && (leaves.length > 1 ? { ...item, fingerprint: leaves.join(' ') } : item);
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

/** A name with more addresses than fit hands out some of them each time. */
const LOOKS = 3;

/** Every name of the profile, as this machine and as each resolver of the profile answer it. */
export async function listNames({ net }: ProbeContext, profile: JsonObject): Promise<Section> {
  const dns = isMap(profile['dns']) ? profile['dns'] : {};
  const names = [...new Set([...(isMap(dns['names']) ? Object.keys(dns['names']) : []), ...hostNames(profile)])];
  const questions = names.flatMap((name) => [undefined, ...texts(dns['resolvers'])].map((resolver) => ({ name, resolver })));
  return await eachItem(
    questions,
    ({ name, resolver }) => `${name}${resolver === undefined ? '' : ` at ${resolver}`}`,
    async ({ name, resolver }) => {
      const looks: (readonly string[])[] = [];
      let answer = '';
      while (looks.length < LOOKS) {
        const { outcome, addresses } = await net.dns({ name, type: 'A', timeoutMs: 3_000, ...(resolver !== undefined && { resolver }) });
        if (!['answered', 'no-such-name', 'no-data'].includes(outcome))
          throw new HostError('unreachable', `${name}: ${outcome}`, 'ask again when the resolver answers');
        answer = outcome;
        looks.push([...addresses].sort());
      }
      const rotates = new Set(looks.map((addresses) => addresses.join())).size > 1;
      return { answer, addresses: [...new Set(looks.flat())].sort(), ...(rotates && { rotates }) };
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
    url.protocol === 'https:' ? [{ address: bareHost(url.hostname), port: Number(url.port || 443) }] : [],
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
  const names = [...siteUrls(profile).map(({ hostname }) => bareHost(hostname)), ...addresses.flatMap((entry) => texts(entry['host']))];
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
