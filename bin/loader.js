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
/** What works through gigabytes: from then on nothing is a short run any more. */
const THOROUGH = /^text-search-/;

/** The exports of dist/main.js. `onLoad` is told each file that is loaded, and its script; `isShort`: all is over within seconds. */
exports.loadProgram = function loadProgram(dist, { onLoad, isShort = false } = {}) {
  const compiled = openCompiled(join(dist, 'compiled.bin'));
  if (!compiled && !onLoad) return require(join(dist, 'main.js'));
  const url = pathToFileURL(dist).href;
  const modules = new Map();
  const { asAtStart, end } = isShort && compiled?.usual ? runShort(compiled.usual) : AS_USUAL;
  const load = (name, folder) => {
    const known = modules.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    if (THOROUGH.test(name)) end();
    const path = `${dist}${folder}${name}`;
    const kept = compiled?.get(name);
    // The names of the others tell their contents, so what is kept is what the file holds, and one look less at the disk.
    const source = kept && name !== 'main.js' ? kept.source : readSource(path);
    const options = { filename: `${url}${folder}${name}`, cachedData: kept?.source === source ? kept.code : undefined };
    const script = asAtStart(() => new Script(source, options));
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

const AS_USUAL = { asAtStart: (use) => use(), end: () => undefined };

/**
 * V8 optimises what has run for some milliseconds. In a run that is over by then it costs a tenth of all and is of no use, so it has
 * to wait. And it lets the space for new objects grow to 16 MiB a half, which then fills with the pieces of output that commands were
 * read in; a small one is swept more often. Compiled code, node's own too, is accepted under the flags alone that it was made under:
 * `use` runs under those. After `end` all does.
 */
function runShort(usual) {
  const { setFlagsFromString } = require('node:v8');
  let current = { budget: usual.budget * PATIENCE, growth: 1 };
  const setFlags = (flags) => {
    setFlagsFromString(`--interrupt-budget=${flags.budget}`);
    setFlagsFromString(`--semi-space-growth-factor=${flags.growth}`);
  };
  setFlags(current);
  return {
    asAtStart(use) {
      setFlags(usual);
      try {
        return use();
      } finally {
        setFlags(current);
      }
    },
    end() {
      current = usual;
      setFlags(current);
    },
  };
}

/** As a function, which is what is compiled. The build writes ASCII. */
function readSource(path) {
  return `(function (exports, require, module, __filename) {${readFileSync(path, 'latin1')}\n})`;
}

/** Each file and what this V8 compiled it to, by name; undefined when there is nothing, or of another V8. */
function openCompiled(path) {
  try {
    const file = openSync(path);
    const start = LENGTH_BYTES + Number(read(file, 0, LENGTH_BYTES).latin1Slice());
    const { v8, arch, usual, files } = JSON.parse(read(file, LENGTH_BYTES, start - LENGTH_BYTES).latin1Slice());
    if (v8 !== process.versions.v8 || arch !== process.arch) return undefined;
    const get = (name) => {
      const { offset, length, sourceLength } = files[name] ?? {};
      const bytes = length && read(file, start + offset, length + sourceLength);
      return bytes && { code: bytes.subarray(0, length), source: bytes.latin1Slice(length) };
    };
    return { usual, files, get };
  } catch {
    return undefined;
  }
}

/** All that was compiled, by the name of the file. */
exports.readCompiled = function readCompiled(path) {
  const compiled = openCompiled(path);
  return Object.keys(compiled?.files ?? {}).map((name) => [name, compiled.get(name)]);
};

/**
 * `usual`: after how many bytes of its code this V8 thinks of optimising a function, and by which factor the space for new objects grows,
 * unless told otherwise.
 */
exports.formatCompiled = function formatCompiled(entries, usual) {
  const { v8 } = process.versions;
  const files = {};
  let offset = 0;
  const parts = [];
  for (const [name, { code, source }] of entries) {
    files[name] = { offset, length: code.length, sourceLength: source.length };
    offset += code.length + source.length;
    parts.push(code, Buffer.from(source, 'latin1'));
  }
  const index = Buffer.from(JSON.stringify({ v8, arch: process.arch, usual, files }));
  return Buffer.concat([Buffer.from(String(index.length).padEnd(LENGTH_BYTES)), index, ...parts]);
};

function read(file, offset, length) {
  const buffer = Buffer.allocUnsafeSlow(length);
  return readSync(file, buffer, 0, length, offset) === length ? buffer : undefined;
}
