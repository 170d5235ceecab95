// Runs the built program once and writes down what V8 compiled on the way. Usage: node .ci/record-compiled.cjs TARGET [argument...]
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { formatCompiled, loadProgram } = require('../bin/loader.js');

const [target, ...args] = process.argv.slice(2);
const scripts = [];

const { main } = loadProgram(join(__dirname, '..', 'dist'), (name, sourceLength, script) => scripts.push({ name, sourceLength, script }));
void main(args).then((exitCode) => {
  process.exitCode = exitCode;
  // The names of the others tell their contents.
  const named = scripts.filter(({ name }) => name !== 'main.js');
  writeFileSync(target, formatCompiled(named.map(({ name, sourceLength, script }) => [name, { code: script.createCachedData(), sourceLength }])));
});
