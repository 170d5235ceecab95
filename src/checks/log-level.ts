/** How serious a line is by its own word: the level field of JSON, logfmt, syslog, nginx, Java and Go lines. */

/** What most programs write when something is wrong; levels only as words of their own, so that `errors=0` is none. */
const TROUBLE_WORDS =
  '(?i)\\b(error|fatal|critical|emerg|alert|panic|severe|exception|traceback|timeout|timed out|refused|unreachable|denied|failed|out of memory|cannot assign|no space left|too many open files|broken pipe|deadlock)\\b';

const LEVEL_KEY = '(?:level|lvl|loglevel|log\\.level|log_level|levelname|severity|severity_text)';
const GOOD = '(?:trace|debug|verbose|fine|finer|finest|config|info|information|informational|notice)';

/** Levels that are no words: the numbers of pino and bunyan (50 and 60), the letters of klog and glog. Each holds a literal, by which a search is fast. */
const TROUBLE_LEVELS = [`"${LEVEL_KEY}"\\s*:\\s*(?:50|60)\\b`, '^[EF]\\d{4} \\d\\d:\\d\\d:\\d\\d.* \\S+\\.(?:go|cc|cpp|py):\\d+\\]'];

/** The default question: words of trouble, or a level that says so without one. */
export const TROUBLE = `(?:${TROUBLE_WORDS})|${TROUBLE_LEVELS.map((level) => `(?:${level})`).join('|')}`;

/** Lines whose level says that nothing is wrong, whatever words they hold (`"level":"info","msg":"error page shown"`). */
export const HARMLESS = [
  `(?i)"${LEVEL_KEY}"\\s*:\\s*"${GOOD}"`,
  `"${LEVEL_KEY}"\\s*:\\s*(?:10|20|30)\\b`,
  // A docker line holds another one as text.
  `(?i)\\\\"${LEVEL_KEY}\\\\"\\s*:\\s*\\\\"${GOOD}\\\\"`,
  `(?i)(?:^|\\s)${LEVEL_KEY}="?${GOOD}\\b`,
  // nginx and Apache: `[notice] 7#7: ...`, `[core:notice]`.
  `(?i)^\\[?[^"\\[\\]]{0,60}[\\]\\d] \\[(?:\\w+:)?${GOOD}\\d?\\]`,
  // Java, Python, Go and the like: the level within a few words of the time.
  `^\\[?\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d\\S*(?: [+-]\\d\\d:?\\d\\d| UTC| GMT)?\\]?(?: +(?:stdout|stderr) [FP](?: \\d{4}[-/]\\d\\d[-/]\\d\\d[T ][\\d:.,]+)?)?(?: +(?:\\[[^\\]]*\\]|\\([^)]*\\)|-|\\d+))* +\\[?(?i:${GOOD})\\b`,
  '^I\\d{4} \\d\\d:\\d\\d:\\d\\d',
]
  .map((level) => `(?:${level})`)
  .join('|');
