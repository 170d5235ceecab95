/** Sentences in English among what is said in Chinese. */

/** What stays as it is in any language and is no sentence of ours: taken away before a line is looked at. */
const KEPT: readonly RegExp[] = [
  /\x1b\[[0-9;?]*[A-Za-z]/g,
  // Quoted: what was typed, printed or written by somebody else.
  /`[^`]*`|\\\(ga.*?\\\(ga/g,
  /"[^"]*"/g,
  /“[^”]*”/g,
  /'[^']*'/g,
  // Addresses, paths, ids, flags, keys with their values, places to be filled in.
  /\b[a-z]+:\/\/\S+/g,
  /(?:\/[\w.@*-]+)+\/?/g,
  /--?[a-z][\w-]*(?:[ =][A-Z|.]+)?/g,
  /\b[\w*]+(?:[._/@=-][\w*]+)+/g,
  /<[^>]*>/g,
  /\{[^}]*\}/g,
  /\[[^\]]*\]/g,
  // What is typed: a command and its words up to the next mark.
  /\b(?:oor|systemctl|journalctl|timedatectl|nginx|nft|ssh|tar|man|setcap|umount|cd|zcat|apt-get|dnf|modprobe|source|rabbitmqctl)\b[^：；，。、（）\u4e00-\u9fff]*/g,
  // Names of things: rules and thresholds of other projects, standards, products.
  /Prometheus node mixin|Replicated troubleshoot|Kubernetes mixin|Network UPS Tools|NVM Express|Power Supply/g,
  // Lists of ids.
  /\b[a-z][\w-]+(?:, [a-z][\w-]+){2,}/g,
];
/** Three words in a row, each of four letters or more, with at most two short ones between. */
const SENTENCE = /\b[A-Za-z]?[a-z]{3,}(?:[,;:]? (?:[a-z]{1,3} ){0,2}[A-Za-z]?[a-z]{3,}){2,}/;

export function englishLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => SENTENCE.test(KEPT.reduce((rest, pattern) => rest.replace(pattern, ' ⋯ '), line)));
}
