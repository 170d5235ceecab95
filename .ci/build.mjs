// Bundles src/main.ts and every package it uses into dist/, so that the installed package fetches nothing more.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';
import { gatherShared, trimPackages } from './bundle-plugins.mjs';
import { precompile } from './precompile.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, 'contents.json');

/** CommonJS packages inside an ES module still call require() for node's own modules. */
const REQUIRE = "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);\n";

const IMPORT_META_URL = 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;\n';

const startedAt = new Date();
try {
  await bundle();
  await checkPlaybooks();
  await precompile(root);
} catch (error) {
  // What esbuild rejects it has already printed, with its place.
  if (!error.errors) process.stderr.write(`build: ${error.message}\n`);
  // Older than any source: the next set-up builds again.
  await utimes(stamp, 0, 0).catch(() => undefined);
  process.exitCode = 1;
}

async function bundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    metafile: true,
    write: false,
    logLevel: 'warning',
    // Too large to be part of the program, and native: it is found beside the program when reconciliation wants it.
    external: ['@duckdb/node-api'],
    plugins: [await gatherShared(root), await trimPackages(root)],
  });
  const idle = helperChunks(result.metafile);
  const files = new Map(
    await Promise.all(result.outputFiles.map(async (file) => [relative(dist, file.path), await asScript(lighten(file.text, idle))])),
  );
  files.set('row-sieve-thread.js', await bundleThread());
  files.set('package.json', '{ "type": "commonjs" }\n');
  files.set('THIRD-PARTY-LICENSES', await collectLicences(packagesOf(Object.keys(result.metafile.inputs))));
  files.set('playbooks.json', await preparePlaybooks());
  files.set('oor.1', await writeManPage());
  files.set('contents.json', listContents(result.metafile));
  await publish(files);
}

/** In one file: what is called for each of millions of rows must not be looked up in another. */
async function bundleThread() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/adapters/row-sieve-thread.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Constants stand where they are used: for each row that is less to look up.
    minifySyntax: true,
    write: false,
    logLevel: 'warning',
  });
  return await asScript(result.outputFiles[0].text);
}

/** The shipped playbooks, read and proved, so that a start need do neither; the text stays beside them for the digest and the journal. */
async function preparePlaybooks() {
  const { provePlaybook, loadChecks } = await importSource(
    "export { provePlaybook } from './src/playbook/prove.ts'; export { loadChecks } from './src/checks/index.ts';",
  );
  const names = (await readdir(join(root, 'playbooks'))).filter((name) => name.endsWith('.yaml')).sort();
  const texts = new Map(await Promise.all(names.map(async (file) => [file, await readFile(join(root, 'playbooks', file), 'utf8')])));
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const include = (name) => (texts.has(`${name}.yaml`) ? { file: `${name}.yaml`, text: texts.get(`${name}.yaml`) } : undefined);
  const registry = await loadChecks();
  const entries = [...texts].map(([file, text]) => {
    const proof = provePlaybook({ file, text, registry, timeLimit: (evaluate) => evaluate(), sha256, include });
    if (!proof.ok) throw new Error(`${file}:${proof.problems[0].line}: ${proof.problems[0].message}`);
    return [file, { sha256: sha256(text), prepared: proof.prepared }];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** oor(1), for `man`: package.json names it. */
async function writeManPage() {
  const { createProgram, visibleCommands, manPage } = await importSource(
    "export { createProgram, visibleCommands } from './src/cli/command-tree.ts'; export { manPage } from './src/cli/man.ts';",
  );
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const program = createProgram({ version, acts: () => () => undefined });
  return manPage({ version, program, commands: visibleCommands(program) });
}

/** Some of the sources, to be run by the build itself. */
async function importSource(contents) {
  const program = join(await mkdtemp(join(tmpdir(), 'oor-build-')), 'program.mjs');
  await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile: program,
    banner: { js: REQUIRE },
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  return await import(pathToFileURL(program).href).finally(() => rm(dirname(program), { recursive: true }));
}

/** Chunks of esbuild's own helpers: to import one for its effects alone does nothing. */
function helperChunks(metafile) {
  const outputs = Object.entries(metafile.outputs).filter(([, { inputs }]) => Object.keys(inputs).length === 0);
  return outputs.map(([file]) => basename(file));
}

/** Each file costs a start-up its loading: no file without need. */
function lighten(text, idle) {
  return text
    .split('\n')
    .filter((line) => !(/^import "[^"]+";$/.test(line) && idle.includes(basename(line.slice(8, -2)))))
    .join('\n');
}

/** Only esbuild's ES modules can be split; only a script can be handed to V8 together with what it once compiled it to. */
async function asScript(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // A script is read as bytes.
    charset: 'ascii',
    // Fewer bytes to read; names and lines stay for whoever reads a stack trace.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'importMetaUrl' },
  });
  return (code.includes('importMetaUrl') ? IMPORT_META_URL : '') + escapeAll(code);
}

/** esbuild leaves tagged templates as they are, for the sake of who looks at them raw; nobody does. */
function escapeAll(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Which packages each output file holds. Written last: it is also the stamp of a complete build. */
function listContents(metafile) {
  const outputs = Object.entries(metafile.outputs).map(([file, output]) => [
    relative('dist', file),
    {
      bytes: output.bytes,
      packages: packagesOf(Object.keys(output.inputs)).map((folder) => folder.slice(folder.lastIndexOf('node_modules/') + 13)),
    },
  ]);
  return `${JSON.stringify(Object.fromEntries(outputs), null, 2)}\n`;
}

/** `node_modules/a/lib/x.js` to `node_modules/a`, nested and scoped packages included; sorted, without duplicates. */
function packagesOf(inputs) {
  const folders = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

async function collectLicences(folders) {
  const sections = await Promise.all(folders.map(readLicence));
  return ['oor contains the following packages.', ...new Set(sections)].join(`\n\n${'-'.repeat(80)}\n\n`);
}

async function readLicence(folder) {
  const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  const names = (await readdir(join(root, folder))).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(root, folder, name), 'utf8')));
  if (typeof manifest.license !== 'string') throw new Error(`${folder}: no licence in its package.json; it cannot be shipped`);
  return [`${manifest.name} ${manifest.version} (${manifest.license})`, ...texts.map((text) => text.trim())].join('\n\n');
}

/** Every file appears whole, and what an earlier build left behind goes last: a run that started before the build goes on. */
async function publish(files) {
  // Of the code that was.
  await rm(join(dist, 'compiled.bin'), { force: true });
  for (const [name, contents] of files) {
    const path = join(dist, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, contents);
    await rename(`${path}.new`, path);
  }
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const name = relative(dist, join(entry.parentPath, entry.name));
    if (entry.isFile() && !files.has(name)) await rm(join(dist, name), { force: true });
  }
  // setup.mjs compares this time with the sources': what was saved during the build is newer than the build.
  await utimes(stamp, startedAt, startedAt);
}

/**
 * A shipped playbook with a problem stops the build, and so does a row that nothing answers or that a command answers which does not exist; the
 * code that will read them at 3 a.m. is asked.
 */
async function checkPlaybooks() {
  const names = (await readdir(join(root, 'playbooks'))).filter((name) => name.endsWith('.yaml'));
  if (names.length === 0) return;
  for (const args of [['lint', '--fail-on', 'warn'], ['coverage']]) {
    const { status, stdout } = spawnSync(process.execPath, ['bin/oor.js', 'playbook', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 2],
    });
    if (status !== 0) throw new Error(`oor playbook ${args[0]}: exit ${status}\n${stdout}`);
  }
}
