/** Flags of what leaves and of what came from elsewhere. Loads nothing but commander, which the program has anyway. */
import { type Command, Option } from 'commander';
import { collect } from './options.ts';

/** Of everything that writes a bundle. */
export interface ExportOptions {
  readonly out?: string;
  readonly signKey?: string;
  /** False: `--no-sign`. */
  readonly sign?: boolean;
  readonly recipient?: readonly string[];
  readonly maxSize?: string;
  /** Machines, addresses and people leave under names that stand for them. */
  readonly pseudonyms?: boolean;
  readonly incident?: string;
}

/** Of everything that reads one. */
export interface OpenOptions {
  readonly identity?: string;
  readonly allowedSigners?: string;
  readonly head?: string;
  readonly playbook?: string;
}

export function addExportOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--sign-key <file>', 'sign the bundle with this Ed25519 key (default: one of the state folder)').env('OOR_SIGN_KEY'),
    )
    .option('--no-sign', 'a bundle that nobody signs')
    .option('--recipient <age1...>', 'encrypt the bundle with age to this recipient (repeatable)', collect, [])
    .option('--pseudonyms', 'hosts, addresses, phones, identity numbers and accounts leave under names that stand for them')
    .option('--incident <name>', 'pseudonyms stay the same within it; the key stays in the state folder')
    .option('--max-size <bytes>', 'of the evidence in the bundle, for example 4M (default 16M)');
}

export function addBundleCommand(program: Command): Command {
  return addExportOptions(program.command('bundle <action> [args...]'))
    .description(
      'create SESSION, verify FILE, inspect FILE, analyze FILE, diff FILE FILE|SNAPSHOT, extract FILE [ENTRY...] [--out FOLDER], merge FILE FILE... --out FILE',
    )
    .option('--out <file>', 'with create and merge: the file to write; with extract: the folder to make')
    .addOption(new Option('--identity <file>', 'opens an encrypted bundle: an age identity file').env('OOR_AGE_IDENTITY'))
    .addOption(
      new Option('--allowed-signers <file>', 'whose signatures count, as ssh-keygen -Y verify reads it').env('OOR_ALLOWED_SIGNERS'),
    )
    .option('--head <sha256>', 'with verify: the head that the journal is known to have')
    .option('--playbook <playbook>', 'with analyze: judge by this playbook instead of the shipped one of today');
}
