// Loads the built program. What V8 made of it when it was built is taken as it is, where this is the same V8: most of a start-up is
// compiling. It lies beside the code and is as trustworthy as that; without it all works the same, later.
const { openSync, readFileSync, readSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

/** How long the index is, in decimal digits and spaces; the index follows, then the compiled code. */
const LENGTH_BYTES = 16;
/** How many times as much as usual a function must have run before it is optimised, where the run is a short one. */
const PATIENCE = 15;

/** The exports of dist/main.js. `onLoad` is told each file that is loaded, and its script; `isShort`: all is over within seconds. */
exports.loadProgram = function loadProgram(dist, { onLoad, isShort = false } = {}) {
  const compiled = openCompiled(join(dist, 'compiled.bin'));
  if (!compiled && !onLoad) return require(join(dist, 'main.js'));
  const url = pathToFileURL(dist).href;
  const modules = new Map();
  const asAtStart = isShort && compiled?.budget ? optimiseLater(compiled.budget) : (use) => use();
  const load = (name, folder) => {
    const known = modules.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const path = `${dist}${folder}${name}`;
    // The build writes ASCII.
    const source = readFileSync(path, 'latin1');
    const options = { filename: `${url}${folder}${name}`, cachedData: compiled?.get(name, source) };
    const script = asAtStart(() => new Script(`(function (exports, require, module, __filename) {${source}\n})`, options));
    onLoad?.(name, source, script);
    script.runInThisContext()(module.exports, requireFrom, module, path);
    return module.exports;
  };
  const builtins = new Map();
  const loadBuiltin = (id) => {
    if (!builtins.has(id))
      builtins.set(
        id,
        asAtStart(() => require(id)),
      );
    return builtins.get(id);
  };
  const requireFrom = (id) => (id.startsWith('.') ? load(id.slice(id.lastIndexOf('/') + 1), '/chunks/') : loadBuiltin(id));
  return load('main.js', '/');
};

/**
 * V8 optimises what has run for some milliseconds. In a run that is over by then it costs a tenth of all and is of no use, so it has
 * to wait. Compiled code, node's own too, is accepted under the flags alone that it was made under: `use` runs under those.
 */
function optimiseLater(budget) {
  const { setFlagsFromString } = require('node:v8');
  const setBudget = (bytes) => setFlagsFromString(`--interrupt-budget=${bytes}`);
  setBudget(budget * PATIENCE);
  return (use) => {
    setBudget(budget);
    try {
      return use();
    } finally {
      setBudget(budget * PATIENCE);
    }
  };
}

/** What this V8 compiled each file to, by name; undefined when there is nothing, or of another V8. */
function openCompiled(path) {
  try {
    const file = openSync(path);
    const start = LENGTH_BYTES + Number(read(file, 0, LENGTH_BYTES).latin1Slice());
    const { v8, arch, budget, files } = JSON.parse(read(file, LENGTH_BYTES, start - LENGTH_BYTES).latin1Slice());
    if (v8 !== process.versions.v8 || arch !== process.arch) return undefined;
    const codeOf = ({ offset, length }) => read(file, start + offset, length);
    const get = (name, source) => {
      const found = files[name];
      const fits = found?.sourceLength === source.length && (found.source ?? source) === source;
      return fits ? codeOf(found) : undefined;
    };
    return { budget, files, codeOf, get };
  } catch {
    return undefined;
  }
}

/** All that was compiled, by the name of the file: bytes, and the length of the source. */
exports.readCompiled = function readCompiled(path) {
  const compiled = openCompiled(path);
  return Object.entries(compiled?.files ?? {}).map(([name, { source, sourceLength, ...place }]) => [
    name,
    { code: compiled.codeOf(place), source, sourceLength },
  ]);
};

/** `source`: itself, where the name of the file does not tell its contents. `budget`: after how many bytes of its code this V8 thinks of optimising a function, unless told otherwise. */
exports.formatCompiled = function formatCompiled(entries, budget) {
  const { v8 } = process.versions;
  const files = {};
  let offset = 0;
  for (const [name, { code, source, sourceLength }] of entries) {
    files[name] = { offset, length: code.length, sourceLength, source };
    offset += code.length;
  }
  const index = Buffer.from(JSON.stringify({ v8, arch: process.arch, budget, files }));
  return Buffer.concat([Buffer.from(String(index.length).padEnd(LENGTH_BYTES)), index, ...entries.map(([, { code }]) => code)]);
};

function read(file, offset, length) {
  const buffer = Buffer.allocUnsafeSlow(length);
  return readSync(file, buffer, 0, length, offset) === length ? buffer : undefined;
}
