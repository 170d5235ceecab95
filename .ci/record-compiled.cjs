// Runs the built program once and writes down what V8 compiled on the way. Usage: node .ci/record-compiled.cjs TARGET [argument...]
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { formatCompiled, loadProgram } = require('../bin/loader.js');

const [target, ...args] = process.argv.slice(2);
const scripts = [];

const onLoad = (name, source, script) => scripts.push({ name, source, script });
const { main } = loadProgram(join(__dirname, '..', 'dist'), { onLoad });
void main(args).then((exitCode) => {
  process.exitCode = exitCode;
  writeFileSync(target, formatCompiled(scripts.map(({ name, source, script }) => [name, { code: script.createCachedData(), source }])));
});
