// Loads the built program. What V8 made of it when it was built is taken as it is, where this is the same V8: most of a start-up is
// compiling. It lies beside the code and is as trustworthy as that; without it all works the same, later.
const { openSync, readFileSync, readSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

/** How long the index is, in decimal digits and spaces; the index follows, then the compiled code. */
const LENGTH_BYTES = 16;

/** The exports of dist/main.js. `onLoad` is told each file that is loaded, and its script. */
exports.loadProgram = function loadProgram(dist, onLoad) {
  const compiled = openCompiled(join(dist, 'compiled.bin'));
  if (!compiled && !onLoad) return require(join(dist, 'main.js'));
  const url = pathToFileURL(dist).href;
  const modules = new Map();
  const load = (name, folder) => {
    const known = modules.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const path = `${dist}${folder}${name}`;
    // The build writes ASCII.
    const source = readFileSync(path, 'latin1');
    const options = { filename: `${url}${folder}${name}`, cachedData: compiled?.get(name, source.length) };
    const script = new Script(`(function (exports, require, module, __filename) {${source}\n})`, options);
    onLoad?.(name, source.length, script);
    script.runInThisContext()(module.exports, requireFrom, module, path);
    return module.exports;
  };
  const requireFrom = (id) => (id.startsWith('.') ? load(id.slice(id.lastIndexOf('/') + 1), '/chunks/') : require(id));
  return load('main.js', '/');
};

/** What this V8 compiled each file to, by name; undefined when there is nothing, or of another V8. */
function openCompiled(path) {
  try {
    const file = openSync(path);
    const start = LENGTH_BYTES + Number(read(file, 0, LENGTH_BYTES).latin1Slice());
    const { v8, arch, files } = JSON.parse(read(file, LENGTH_BYTES, start - LENGTH_BYTES).latin1Slice());
    if (v8 !== process.versions.v8 || arch !== process.arch) return undefined;
    const get = (name, sourceLength) => {
      const found = files[name];
      return found?.sourceLength === sourceLength ? read(file, start + found.offset, found.length) : undefined;
    };
    return { files, get };
  } catch {
    return undefined;
  }
}

/** All that was compiled: bytes and the length of the source, by the name of the file. */
exports.readCompiled = function readCompiled(path) {
  const compiled = openCompiled(path);
  return Object.entries(compiled?.files ?? {}).map(([name, { sourceLength }]) => [
    name,
    { code: compiled.get(name, sourceLength), sourceLength },
  ]);
};

exports.formatCompiled = function formatCompiled(entries) {
  const { v8 } = process.versions;
  const files = {};
  let offset = 0;
  for (const [name, { code, sourceLength }] of entries) {
    files[name] = { offset, length: code.length, sourceLength };
    offset += code.length;
  }
  const index = Buffer.from(JSON.stringify({ v8, arch: process.arch, files }));
  return Buffer.concat([Buffer.from(String(index.length).padEnd(LENGTH_BYTES)), index, ...entries.map(([, { code }]) => code)]);
};

function read(file, offset, length) {
  const buffer = Buffer.allocUnsafeSlow(length);
  return readSync(file, buffer, 0, length, offset) === length ? buffer : undefined;
}
