#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { loadProgram } = require('./loader.js');

const dist = join(__dirname, '..', 'dist');
// Stands when the event loop runs dry before main has answered.
process.exitCode = 70;
if (existsSync(join(dist, 'main.js'))) {
  void loadProgram(dist)
    .main(process.argv.slice(2))
    .then((exitCode) => {
      process.exitCode = exitCode;
    });
} else {
  process.stderr.write('oor is not built in this checkout. Run: npm start (sets up, then runs the sandbox) or npm run build\n');
}
