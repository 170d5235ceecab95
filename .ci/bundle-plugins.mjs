// What a start-up pays for is bytes of code and, still more, files: these plugins of the bundler keep both few.
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** A helper that fewer of the checks share than this comes with those alone. */
const COMMON_SHARE = 1 / 50;
/** What packages import from node:process by name. */
const PROCESS_NAMES = ['execArgv', 'execPath', 'hrtime', 'platform'];
/** Whatever touches these is loaded by a command that runs checks, or beside it. */
const CORE = /^(?:engine|playbook|report)\//;

/**
 * Every check is a file of its own, loaded when it is used, and every command too. What they share would be split once more, by who
 * shares it: so each of them names all that is common, and it comes as one file.
 */
export async function gatherShared(root) {
  const graph = await readGraph(join(root, 'src'));
  const checks = graph.dynamic('checks/index.ts');
  const closures = checks.map((check) => graph.closure(check));
  const helpers = [...new Set(closures.flatMap((closure) => [...closure]))].filter(
    (file) => file.startsWith('checks/') && closures.filter((closure) => closure.has(file)).length >= checks.length * COMMON_SHARE,
  );
  const light = helpers.filter((file) => !graph.closure(file).has('checks/pattern.ts'));
  const commands = graph.files
    .filter((file) => file.startsWith('cli/'))
    .flatMap(graph.dynamic)
    .filter((file) => !checks.includes(file) && [file, ...graph.closure(file)].some((path) => CORE.test(path)));
  const common = [...graph.closure('cli/check.ts')];
  const added = new Map([...checks.map((file) => [file, light]), ...commands.map((file) => [file, common])]);
  return {
    name: 'gather-shared',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/](?:checks|cli|playbook|report)[\\/][\w-]+\.ts$/ }, async ({ path }) => {
        const shared = added.get(relative(join(root, 'src'), path));
        if (!shared) return undefined;
        const lines = shared.map((file) => `import '${join(root, 'src', file)}';\n`).sort();
        return { loader: 'ts', contents: lines.join('') + (await readFile(path, 'utf8')) };
      });
    },
  };
}

/** valibot is named as one object, which would keep all of it; yaml comes twice, and only its browser build can be cut to what is used. */
export async function trimPackages(root) {
  const sources = await readSources(join(root, 'src'));
  const used = new Set([...sources.values()].flatMap((text) => [...text.matchAll(/\bv\.([a-z_]\w*)/g)].map(([, name]) => name)));
  return {
    name: 'trim-packages',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^valibot$/ }, ({ importer }) =>
        basename(importer) === 'schema.ts' ? { path: 'valibot', namespace: 'trimmed' } : undefined,
      );
      onLoad({ filter: /^valibot$/, namespace: 'trimmed' }, () => ({
        contents: `export { ${[...used].sort().join(', ')} } from 'valibot';`,
        resolveDir: root,
      }));
      // To import it reads every property of the process, and makes a stream of standard input on the way.
      onResolve({ filter: /^(?:node:)?process$/ }, ({ kind }) =>
        kind === 'import-statement' ? { path: 'process', namespace: 'trimmed' } : undefined,
      );
      onLoad({ filter: /^process$/, namespace: 'trimmed' }, () => ({
        contents: `export default process;\nexport const { ${PROCESS_NAMES.join(', ')} } = process;\n`,
      }));
      onResolve({ filter: /^yaml$/ }, () => ({ path: join(root, 'node_modules', 'yaml', 'browser', 'dist', 'index.js') }));
    },
  };
}

/** Which source imports which, static and dynamic apart; paths are relative to the folder. Types do not count. */
async function readGraph(folder) {
  const sources = await readSources(folder);
  const targets = (file, pattern) =>
    [...(sources.get(file) ?? '').matchAll(pattern)].map(([, path]) => join(dirname(file), path)).filter((path) => sources.has(path));
  const direct = (file) => targets(file, /^(?:import|export|\}) (?!type )[^']*'(\.{1,2}\/[^']+)';$/gm);
  const closure = (file, found = new Set()) => {
    for (const path of direct(file)) {
      if (found.has(path)) continue;
      found.add(path);
      closure(path, found);
    }
    return found;
  };
  return { files: [...sources.keys()], closure, dynamic: (file) => [...new Set(targets(file, /\bimport\('(\.{1,2}\/[^']+)'\)/g))] };
}

async function readSources(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])));
}
