import { hostname } from 'node:os';
import type { Host } from '../ports.ts';
import { readClocks } from './clock.ts';
import { runCommand } from './command.ts';
import { hashLocalFile, listLocalFolder, readLocalFile, statLocalFile, statLocalFilesystem } from './local-files.ts';
import { readInventory } from './local-inventory.ts';
import { askLocally, dialLocally } from './local-network.ts';
import { createLocalTextStreamer, type StandardInput } from './text-stream.ts';

interface LocalHostOptions {
  readonly name?: string;
  /** Opened when somebody reads it. */
  readonly standardInput?: StandardInput;
}

/** This machine, to be looked at. */
export function createLocalHost({ name = localShortName(), standardInput }: LocalHostOptions = {}): Host {
  const host: Host = {
    name,
    platform: platform(),
    reach: async () => ({ outcome: 'reached', durationMs: 0 }),
    run: (argv, options) => runCommand(argv, options),
    readFile: readLocalFile,
    list: listLocalFolder,
    stat: statLocalFile,
    statFilesystem: statLocalFilesystem,
    hashFile: hashLocalFile,
    // Loaded with the first search: it brings the pattern engine.
    searchFile: async (path, request) => (await import('./text-search.ts')).searchLocalFile(path, request),
    streamText: createLocalTextStreamer(standardInput),
    inventory: readInventory,
    dial: (address, options) => dialLocally(host, address, options),
    datagram: (address, options) => askLocally(host, address, options),
    now: readClocks,
  };
  return host;
}

export function localShortName(): string {
  return hostname().split('.')[0] || 'localhost';
}

function platform(): Host['platform'] {
  return process.platform === 'linux' || process.platform === 'darwin' ? process.platform : 'other';
}
