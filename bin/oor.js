#!/usr/bin/env sh
':' /* the shell reads to its exec, node skips it as a comment

# node needs about six tasks before its first line runs and hangs or aborts without them. Where a limit on tasks is what broke payments, only a
# shell that forks nothing can still say so. Limits: pids.max of the control group (version 1 and 2), kernel.threads-max and kernel.pid_max.
need=6
free_of() { [ "$2" != max ] && [ "$2" -gt 0 ] 2>/dev/null && [ $(($2 - $1)) -lt "$need" ] && used=$1 most=$2 limit=$3; }
no_task_left() {
  while IFS=: read -r _ kind path; do
    case $kind in '') root=/sys/fs/cgroup ;; pids) root=/sys/fs/cgroup/pids ;; *) continue ;; esac
    for group in "$root$path" "$root"; do
      if read -r most < "$group/pids.max" && read -r used < "$group/pids.current"; then free_of "$used" "$most" "$group/pids.max" && return 0; fi
    done
  done 2>/dev/null < /proc/self/cgroup
  IFS=' /' read -r _ _ _ _ used _ < /proc/loadavg
  for limit in threads-max pid_max; do
    if read -r most < "/proc/sys/kernel/$limit"; then free_of "$used" "$most" "kernel.$limit" && return 0; fi
  done
  return 1
} 2>/dev/null
if [ -r /proc/self/cgroup ] && no_task_left; then
  read -r host < /proc/sys/kernel/hostname
  text="no new process or thread can start on this machine: $used of $most tasks are in use ($limit), node needs $need"
  printf 'oor: %s\n  next: stop the program with most threads (the count is in /proc/PID/status), or raise the limit; then restart what could not start\n' "$text" >&2
  case "$1 $* " in
    run*' --json '*)
      printf '{"schema_version":1,"verdict":"fault","exit_code":1,"outcome":"fault-found","scope":{"state":"unknown"},"causes":[{"id":"host.pids_exhausted","class":"environment","component":"host","host":"%s","score":0.99,"state":"suspected","text":"%s","because":[{"step":"tasks","effect":"supports","factor":100}]}],"findings":[{"id":"tasks","check":"proc.pids","phase":"hardware","host":"%s","status":"fail","code":"exhausted","summary":"%s","value":%s,"threshold":%s}],"phases":[],"unknown":[{"check":"*","why":"no task is left to run a check","unlock":"free tasks, then run oor again"}]}\n' \
        "${host%%.*}" "$text" "${host%%.*}" "$text" "$used" "$most" ;;
  esac
  case $1 in run | check) exit 1 ;; *) exit 70 ;; esac
fi
# A runaway job makes each turn wait for many others. A run works for a few seconds only, so it asks for ten times the usual share, as root may;
# threads must have it from the start. What a fix starts gets the usual priority back.
case "$1 $* " in
  *' --gentle '*) ;;
  run* | resume*)
    [ -r /proc/loadavg ] && IFS=' /' read -r _ _ _ ready _ < /proc/loadavg
    if [ "${ready:-0}" -gt 6 ] && [ -w / ] && [ -z "$OOR_GENTLE" ]; then exec nice -n -10 node "$0" "$@"; fi ;;
esac
exec node "$0" "$@"
*/
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { loadProgram } = require('./loader.js');

const dist = join(__dirname, '..', 'dist');
// Stands when the event loop runs dry before main has answered.
process.exitCode = 70;
if (existsSync(join(dist, 'main.js'))) {
  const args = process.argv.slice(2);
  void loadProgram(dist, { isShort: args[0] === 'check' || args[0] === 'run' })
    .main(args)
    .then((exitCode) => {
      process.exitCode = exitCode;
    });
} else {
  process.stderr.write('oor is not built in this checkout. Run: npm start (sets up, then runs the sandbox) or npm run build\n');
}
