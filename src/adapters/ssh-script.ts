/** What is sent to the remote POSIX shell. The user's login shell sees `exec sh` only, so any of them will do. */

/** One word of a POSIX shell that stands for exactly this text. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/**
 * `b SECONDS argv`: bounded, in a process group of its own that dies with the bound. Where timeout(1) is missing a watchdog does it.
 * `c HEAD TAIL`: passes on the first and the last bytes, so that a flood does not cross the network.
 * `r SECONDS HEAD TAIL argv`: runs, leaves no survivors of the group.
 * `e CODE`: ends an answer on both streams.
 */
const FUNCTIONS = `
if command -v timeout >/dev/null 2>&1; then b() { exec timeout -s KILL "$@"; }
else b() { exec sh -c "$W" sh "$@"; }; fi
W='s=$1; shift; if command -v setsid >/dev/null 2>&1; then setsid "$@" & else "$@" & fi; p=$!
{ sleep "$s"; kill -KILL -$p || kill -KILL $p; } </dev/null >/dev/null 2>&1 & w=$!
wait $p; x=$?; kill -KILL -$p 2>/dev/null; kill -KILL $w; exit $x'
c() { head -c "$1"; tail -c "$2"; }
r() { s=$1 h=$2 t=$3; shift 3
{ b "$s" "$@" </dev/null & p=$!; wait $p; x=$?; kill -KILL -$p 2>/dev/null; printf '\\n%s %s\\n' "$M" "$x" >&2; } | c "$h" "$t"
printf '\\n%s\\n' "$M"; }
e() { printf '\\n%s\\n' "$M"; printf '\\n%s %s\\n' "$M" "$1" >&2; }
`;

/** English messages, the tools of root in the PATH, nothing of the login that changes what a tool does. */
export function environment(): string {
  return `unset LD_PRELOAD LD_LIBRARY_PATH GREP_OPTIONS NODE_OPTIONS BASH_ENV ENV LANGUAGE
LANG=C.UTF-8 LC_ALL=C.UTF-8 PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export LANG LC_ALL PATH; cd /
${FUNCTIONS}`;
}

/** `tag` is found in the environment of whatever this shell starts. */
export function prologue(mark: string, tag: string): string {
  return `${environment()}M=${mark}; OOR_RUN=${tag}; export OOR_RUN; e 0

`;
}

/** Answered by the shell itself. */
export const ECHO = 'e 0\n';

/** A script that answers with its output and exit code. */
export function asking(script: string): string {
  return `{ ${script}\n} </dev/null; e $?\n`;
}

export interface RunScript {
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  readonly headBytes: number;
  readonly tailBytes: number;
}

export function running({ argv, timeoutMs, headBytes, tailBytes }: RunScript): string {
  return `r ${seconds(timeoutMs)} ${headBytes} ${tailBytes} ${quoteAll(argv)}\n`;
}

/** Dies with its bound there, whatever becomes of the way to it. */
export function bounded(argv: readonly string[], timeoutMs: number): string {
  return `( b ${seconds(timeoutMs)} ${quoteAll(argv)} )`;
}

/** `d` goes on reading when nobody listens any more: a service that was started must not die of its next line. */
export function acting(argv: readonly string[], timeoutMs: number, mark: string): string {
  return `${environment()}d() { trap '' PIPE HUP; cat 2>/dev/null; exec cat >/dev/null; }
printf '\n%s begin\n' ${mark}
{ ${bounded(argv, timeoutMs)} </dev/null 2>&1; printf '\n%s %s\n' ${mark} "$?"; } | d
exit
`;
}

/** Old timeouts know whole seconds only; the exact deadline is held on this side. */
function seconds(timeoutMs: number): number {
  return Math.max(1, Math.ceil(timeoutMs / 1000));
}

/** Ends a shell that no longer answers, the group it leads and all that carries the tag, wherever it went. */
export function reaping(shellPid: number, tag: string): string {
  const search = `grep -als -F -e ${quote(`OOR_RUN=${tag}`)} /proc/[0-9]*/environ`;
  return asking(`kill -KILL -${shellPid} ${shellPid} 2>/dev/null
for f in $( b 1 sh -c ${quote(search)} ); do p=\${f#/proc/}; kill -KILL "\${p%/environ}" 2>/dev/null; done`);
}
