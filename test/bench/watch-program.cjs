// Loaded before the program that is measured: counts the processes it starts and writes its peak memory down at the end.
const { ChildProcess } = require('node:child_process');
const { writeFileSync } = require('node:fs');

let children = 0;
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function count(...args) {
  children += 1;
  return spawn.apply(this, args);
};
process.once('exit', () => {
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  writeFileSync(process.env.OOR_BENCH_WATCH, JSON.stringify({ 'peak MiB': peak, children }));
});
