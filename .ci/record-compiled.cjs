// Runs the built program once and adds what V8 compiled on the way to dist/compiled.bin. Usage: node .ci/record-compiled.cjs [argument...]
const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { formatCompiled, loadProgram, readCompiled } = require('../bin/loader.js');

const dist = join(__dirname, '..', 'dist');
const path = join(dist, 'compiled.bin');
const scripts = new Map();

const { main } = loadProgram(dist, (name, sourceLength, script) => scripts.set(name, { sourceLength, script }));
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
  const recorded = [...scripts].map(([name, { sourceLength, script }]) => [name, { code: script.createCachedData(), sourceLength }]);
  // A file that this run did not load keeps what an earlier one recorded. The names of all others tell their contents.
  const all = new Map([...readCompiled(path), ...recorded]);
  all.delete('main.js');
  writeFileSync(`${path}.new`, formatCompiled([...all]));
  renameSync(`${path}.new`, path);
});
