import { parseEnv } from 'node:util';
import { HostError } from '../errors.ts';
import type { Host, SecretRef, Secrets } from '../ports.ts';

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
