/** Copies of what works today, for the fixes that put it back. Made only where a folder is named: settings hold secrets. */
import { parseManifest } from '../checks/file-checksum.ts';
import { readIfThere } from '../checks/linux.ts';
import type { Host, HostActor, JsonObject, Text } from '../ports.ts';
import type { Asker } from './init-ask.ts';
import type { FoundService } from './init-services.ts';

/** Of one release; a larger one belongs to a package manager. */
const LARGEST_RELEASE_BYTES = 256 * 1024 * 1024;
const RESOLVERS = '/etc/resolv.conf';

export interface KeptCopies {
  /** By service: the verbs that put its files back. */
  readonly controls: ReadonlyMap<string, JsonObject>;
  /** By service: the files of its configuration that are in the copy. */
  readonly configs: ReadonlyMap<string, readonly string[]>;
  /** By web server: where the copy of its first certificate lies. */
  readonly certificates: ReadonlyMap<string, string>;
  readonly resolvers: string | undefined;
}

interface Keeping {
  readonly host: Host;
  readonly actor: HostActor | undefined;
  readonly asker: Asker;
  readonly say: (text: Text) => void;
}

export async function keepCopies(at: Keeping, services: readonly FoundService[]): Promise<KeptCopies> {
  const controls = new Map<string, JsonObject>();
  const configs = new Map<string, readonly string[]>();
  const certificates = new Map<string, string>();
  const folder = await askFolder(at);
  if (folder === '') return { controls, configs, certificates, resolvers: undefined };
  const keep = createKeeper(at, folder);
  for (const service of services) {
    const config = service.nginx?.files ?? (service.envFile ? [service.envFile.path] : []);
    const release = service.manifest === undefined ? [] : await releaseFiles(at.host, service.manifest);
    const isKept = await keep.archive(`${service.name}-config`, config);
    if (isKept) configs.set(service.name, config);
    controls.set(service.name, {
      ...(isKept && configVerbs(`${folder}/${service.name}-config`, config)),
      ...((await keep.archive(`${service.name}-release`, release)) && {
        restore_release: extract(`${folder}/${service.name}-release.tar`),
      }),
    });
    const [certificate] = service.nginx?.servers.flatMap((server) => server.certificates) ?? [];
    const copy = `${folder}/${service.name}-certificate.pem`;
    if (certificate !== undefined && (await keep.file(certificate, copy))) certificates.set(service.name, copy);
  }
  return { controls, configs, certificates, resolvers: await keepResolvers(at, keep, `${folder}/resolv.conf`) };
}

async function askFolder({ asker }: Keeping): Promise<string> {
  const question = {
    en: 'Keep copies of the settings, releases and certificates that work today, for fixes to put back? An absolute path of a folder that only you can read, or nothing',
    'zh-CN': '是否保留当前可用的配置、发布文件和证书副本，供修复时恢复？请给出仅本人可读目录的绝对路径，留空则不保留',
  };
  const folder = (await asker.text('copies', question, '')).replace(/\/+$/, '');
  return folder.startsWith('/') ? folder : '';
}

function createKeeper({ actor, say }: Keeping, folder: string) {
  const done = async (argv: readonly string[], what: string): Promise<boolean> => {
    const result = await actor?.act(argv, { timeoutMs: 60_000 }).catch(() => undefined);
    if (result?.exitCode !== 0) say({ en: `no copy of ${what}: ${result?.stderr.trim() || 'nothing can be run here'}` });
    return result?.exitCode === 0;
  };
  const made = done(['mkdir', '-p', '-m', '700', '--', folder], folder);
  return {
    async archive(name: string, files: readonly string[]): Promise<boolean> {
      if (files.length === 0 || !(await made)) return false;
      const path = `${folder}/${name}.tar`;
      return (await done(pack(path, files, []), files[0] as string)) && (await done(['chmod', '600', '--', path], path));
    },
    async file(from: string, to: string): Promise<boolean> {
      return (await made) && (await done(['cp', '-p', '--', from, to], from));
    },
  };
}

/** The files alone are put back: what was added since stays. */
function configVerbs(stem: string, files: readonly string[]): JsonObject {
  return {
    // A file that is gone by then is no reason to save nothing.
    save_config: pack(`${stem}.before.tar`, files, ['--ignore-failed-read']),
    restore_config: extract(`${stem}.tar`),
    undo_restore_config: extract(`${stem}.before.tar`),
  };
}

function pack(archive: string, files: readonly string[], options: readonly string[]): readonly string[] {
  return ['tar', '-C', '/', ...options, '-cpf', archive, '--', ...files.map((file) => file.replace(/^\/+/, ''))];
}

function extract(archive: string): readonly string[] {
  return ['tar', '-C', '/', '-xpf', archive];
}

async function releaseFiles(host: Host, manifest: string): Promise<readonly string[]> {
  const { entries } = parseManifest((await readIfThere(host, manifest)) ?? '', manifest.slice(0, manifest.lastIndexOf('/')));
  let bytes = 0;
  for (const { path } of entries) bytes += (await host.stat(path).catch(() => ({ size: 0 }))).size;
  return bytes > LARGEST_RELEASE_BYTES ? [] : entries.map(({ path }) => path);
}

/** Where a link stands in its place a program writes it. */
async function keepResolvers({ host }: Keeping, keep: ReturnType<typeof createKeeper>, copy: string): Promise<string | undefined> {
  const isLink = await host.run(['test', '-L', RESOLVERS]).then(
    ({ exitCode }) => exitCode === 0,
    () => true,
  );
  return !isLink && (await keep.file(RESOLVERS, copy)) ? copy : undefined;
}
