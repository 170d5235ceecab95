/** Run beside a mount that never answers; prints what the host said, as JSON, and must then be able to end. */
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { createProtocols } from '../../src/adapters/protocols/index.ts';

const [mount = '', link = ''] = process.argv.slice(2);
const host = createLocalHost();
const timeoutMs = 500;

async function attempt(operation: () => Promise<unknown>): Promise<unknown> {
  try {
    return await operation();
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}

async function readAll(file: string): Promise<number> {
  let length = 0;
  for await (const piece of host.streamText({ file }, { timeoutMs })) length += piece.length;
  return length;
}

const paths = [mount, `${mount}/file`, link, `${link}/file`, `${mount}/../hung/file`];
const hung = await Promise.all([
  ...paths.map((path) => attempt(() => host.readFile(path, { timeoutMs }))),
  attempt(() => host.list(mount, { timeoutMs })),
  attempt(() => host.stat(link, { timeoutMs })),
  attempt(() => host.hashFile(`${mount}/file`, { timeoutMs })),
  attempt(() => host.run(['cat', `${mount}/file`], { timeoutMs })),
  attempt(() => host.run([`${mount}/program`], { timeoutMs })),
  attempt(() => host.readFile(`/proc/self/root${mount}/file`, { timeoutMs })),
  attempt(() => host.searchFile(`${mount}/file`, { patterns: { a: 'a' }, timeoutMs })),
  ...['file', 'file.gz', 'file.zst'].map((name) => attempt(() => readAll(`${link}/${name}`))),
  ...Array.from({ length: 5 }, () => attempt(() => host.statFilesystem(mount, { timeoutMs }))),
]);
const alive = await Promise.all([
  attempt(async () => (await host.readFile('/proc/loadavg')).bytesRead > 0),
  attempt(async () => (await host.statFilesystem('/')) !== null),
  attempt(async () => (await createProtocols(host).dns({ name: 'localhost', type: 'A' })).outcome),
]);
process.env['PATH'] = `${mount}:${process.env['PATH']}`;
const path = await Promise.all(['true', 'oor-no-such-tool'].map((tool) => attempt(() => host.run([tool], { timeoutMs }))));
process.stdout.write(JSON.stringify({ hung, alive, path }));
