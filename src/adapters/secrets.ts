import { parseEnv } from 'node:util';
import { HostError } from '../errors.ts';
import type { Host, Json, SecretRef, Secrets } from '../ports.ts';

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: Host['readFile'];
}

export function createSecrets({ env, readFile }: SecretSources): Secrets {
  return {
    async reveal(ref) {
      const value = 'env' in ref ? own(env, ref.env) : await fromFile(ref, readFile);
      if (value === undefined || value === '') throw new HostError('not-found', `secret ${describe(ref)}: not set or empty`, howToSet(ref));
      return value;
    },
  };
}

/** Longer contents are a file of something else. */
const MAX_SECRET_LENGTH = 4096;

/** The values behind all references under `url` and `credentials` of a profile; one that cannot be read has nothing to hide here. */
export async function revealAll(profile: Json, sources: SecretSources): Promise<readonly string[]> {
  const secrets = createSecrets(sources);
  const values = await Promise.all(
    findReferences(profile, false).map((ref) =>
      secrets.reveal(ref).catch((error: unknown) => {
        if (error instanceof HostError) return '';
        throw error;
      }),
    ),
  );
  return values.filter((value) => value !== '' && value.length <= MAX_SECRET_LENGTH);
}

function findReferences(value: Json | undefined, secret: boolean): SecretRef[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: Json) => findReferences(item, secret));
  if (secret && isReference(value)) return [value];
  return Object.entries(value).flatMap(([key, item]) => findReferences(item, secret || key === 'url' || key === 'credentials'));
}

function isReference(value: object): value is SecretRef {
  const keys = Object.keys(value);
  return keys.every((key) => ['env', 'file', 'key'].includes(key)) && (keys.includes('env') || keys.includes('file'));
}

async function fromFile(
  { file, key }: { readonly file: string; readonly key?: string },
  readFile: Host['readFile'],
): Promise<string | undefined> {
  const { text } = await readFile(file);
  return key === undefined ? text.replace(/\r?\n$/, '') : own(parseEnv(text), key);
}

function own(values: SecretSources['env'], name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function describe(ref: SecretRef): string {
  if ('env' in ref) return `{env: ${ref.env}}`;
  return ref.key === undefined ? `{file: ${ref.file}}` : `{file: ${ref.file}, key: ${ref.key}}`;
}

function howToSet(ref: SecretRef): string {
  if ('env' in ref) return `export ${ref.env}=...`;
  return ref.key === undefined ? `write the secret to ${ref.file}` : `write ${ref.key}=... to ${ref.file}`;
}
