import { VALUES } from './authentication-value.ts';
import { SPEAKER as ANSWERER } from './connector.ts';
import { type SadKind, type Span, sadSpan } from './span.ts';

interface Name {
  readonly start: number;
  readonly end: number;
}

/** From the name to the end of its line: a few words of the question, a bracket or the rest of a statement. */
const REST_OF_QUESTION = /[ \t\p{L}',’?.!)]{0,64}\r?\n/uy;
const REST_OF_COMMAND = /(?:["')\]}`;]|\.\w{1,12}(?:\(\))?){0,6}(?:[ \t]from[ \t][^\r\n]{1,60})?[ \t]{0,4}\r?\n/iy;
const TIME = String.raw`(?:[[(]?(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,6})?Z?(?:[ ]?[AaPp][Mm])?[\])]?[ \t,–-]{1,4})`;
const SPEAKER = String.raw`(?:<[@+]?[\p{L}][\p{L}\p{N}_ .-]{0,24}>:?|\*{0,2}[\p{L}][\p{L}\p{N}_ .'-]{0,24}(?:[ \t]?\([^()\r\n]{1,20}\))?[:>]\*{0,2}|\[[\p{L}][\p{L}\p{N}_ .-]{0,24}\]:?|(?<=[\])\dZMm][ \t]{1,4})[A-Z]{2,12}(?=[ \t]))`;
/** Who says it, where each line of a talk begins alike; a time alone is none. */
const SPOKEN = new RegExp(String.raw`^[ \t]{0,4}(?<time>${TIME})?${SPEAKER}(?=[ \t]|$)`, 'u');
const ANSWER = new RegExp(
  String.raw`[ \t]{0,4}(?<time>${TIME})?${SPEAKER}[ \t]{1,3}(?:(?:sure|yes|yeah|ok|okay|it['’]?s|it is|ja|oui|sí|si|sim|es|c['’]est)[,.:!]{0,2}[ \t]{1,2}){0,3}`,
  'iuy',
);
/** What a debugger, a shell or a console of a database writes before what is asked of it. */
const PROMPT =
  /^(?:\((?:Pdb|gdb|lldb|rdb:\d+|byebug|dlv)\)|i?pdb>|>>>|>|\$|In ?\[\d+\]:|irb\([^()\r\n]{1,24}\)[:\d]{1,10}[>*]|\[\d+\] pry\([^()\r\n]{1,24}\)>|[\w.:@~-]{1,40}[>#]|[\w.@~:-]{1,40}\$)[ \t]/;
const SHOWN =
  /(?:=>[ \t]|<[ \t]|0x[0-9a-f]{1,16}(?: <[^<>\r\n]{1,40}>)?:[ \t]{1,4}|\w{1,24}: [A-Z]\w{1,24} = |\w{1,24} ==> |Out ?\[\d+\]:[ \t]|\$\d{1,3}[ \t]=[ \t]|\(\w[\w ]{0,16}\)[ \t](?:\$\w{1,8}[ \t]=[ \t])?|(?:1\)|\[1\])[ \t])?["']?/y;
/** `Bob [2:08 PM]`, `Bob, 14:08`: who says it and when, in a line of its own. */
const HEAD_LINE =
  /[ \t]{0,4}\p{L}[\p{L}\p{N}_ .'-]{0,30}?[ \t,]{1,3}[[(]?\d{1,2}:\d\d(?::\d\d)?(?:[ ]?[AP]M)?[\])]?[ \t]{0,2}\r?\n[ \t]{0,4}/uy;
/** What was asked and who answers in one line. */
const SAME_LINE = new RegExp(
  String.raw`[ \t\p{L}',’]{0,48}[?.。？][ \t]{0,2}(?:${ANSWERER}|持卡人)[ \t]{0,2}[:：>][ \t]{0,2}(?:(?:yes|sure|it['’]?s)[,.]? )?`,
  'iuy',
);
/** Asks how many there are. */
const COUNTS = /(?<![a-z])(?:count|len|length|size|sum|wc|grep|ls|find|du)(?![a-z])/i;
const ENDS = /(?:\\0{1,3}){0,16}["'#]?[.!]?[ \t]{0,4}(?:\r?\n|$)/y;
/** What is said of a check and not asked for. */
const OF_A_CHECK =
  /check|fail|error|latency|service|result|status|time|length|count|port|down|up(?![a-z])|retr|limit|match|declin|code[sr]?(?![a-z])/i;
const MAX_LINE = 120;

/** The value alone in the line below its name, where two people talk or a program answers what it was asked. */
export function answerBelow(text: string, { start, end }: Name, kind: SadKind): Span | undefined {
  const value = VALUES[kind];
  if (value === undefined) return undefined;
  const spoken = afterSpeaker(text, end, value, kind);
  if (spoken !== undefined) return spoken;
  const line =
    text
      .slice(Math.max(0, start - MAX_LINE), start)
      .split('\n')
      .at(-1) ?? '';
  const at = !PROMPT.test(line) ? afterQuestion(text, end, line) : COUNTS.test(line) ? undefined : afterPrompt(text, end);
  if (at === undefined) return undefined;
  value.lastIndex = at;
  if (!value.test(text)) return undefined;
  const stop = value.lastIndex;
  ENDS.lastIndex = stop;
  return ENDS.test(text) ? sadSpan(kind, at, stop) : undefined;
}

function afterPrompt(text: string, end: number): number | undefined {
  REST_OF_COMMAND.lastIndex = end;
  if (!REST_OF_COMMAND.test(text)) return undefined;
  SHOWN.lastIndex = REST_OF_COMMAND.lastIndex;
  SHOWN.test(text);
  return SHOWN.lastIndex;
}

/** `which PIN did you use? customer: 1234, as always`. */
function afterSpeaker(text: string, end: number, value: RegExp, kind: SadKind): Span | undefined {
  SAME_LINE.lastIndex = end;
  if (!SAME_LINE.test(text)) return undefined;
  const at = SAME_LINE.lastIndex;
  if (OF_A_CHECK.test(text.slice(end, at))) return undefined;
  value.lastIndex = at;
  return value.test(text) ? sadSpan(kind, at, value.lastIndex) : undefined;
}

function afterQuestion(text: string, end: number, line: string): number | undefined {
  REST_OF_QUESTION.lastIndex = end;
  if (!REST_OF_QUESTION.test(text) || OF_A_CHECK.test(text.slice(end, REST_OF_QUESTION.lastIndex))) return undefined;
  HEAD_LINE.lastIndex = REST_OF_QUESTION.lastIndex;
  if (HEAD_LINE.test(text)) return HEAD_LINE.lastIndex;
  const asker = SPOKEN.exec(line);
  if (asker === null) return undefined;
  ANSWER.lastIndex = REST_OF_QUESTION.lastIndex;
  const answer = ANSWER.exec(text);
  return answer === null || (answer.groups?.time === undefined) !== (asker.groups?.time === undefined) ? undefined : ANSWER.lastIndex;
}
