import { ExitCode, OorError } from '../errors.ts';
import type { Codec } from '../payments/iso8583/codec.ts';
import { codecsOf, DIALECT_IDS } from '../payments/iso8583/dialects.ts';
import { parseFraming } from '../payments/iso8583/framing.ts';
import { type SniffOptions, sniff } from '../payments/iso8583/sniff.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import { decodeCode, looksLikeCode } from './decode-code.ts';
import { explainMessage, type MessageAnswer, refuseUnread } from './decode-message.ts';
import { messageAsText } from './decode-text.ts';
import { type MessageInput, readHex, readMessageBytes, readMessageText } from './message-input.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

interface DecodeOptions extends GlobalOptions {
  readonly table?: string;
  readonly dialect?: string;
  readonly framing?: string;
}

const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_MESSAGE_BYTES = 1024 * 1024;
const LINES_A_WRITE = 500;

/** One message, a file of them, or an answer code. 65 when a message is refused. */
export async function decodeCommand(services: Services, words: readonly string[], options: DecodeOptions): Promise<number> {
  const { language } = policyOf(options, services);
  const search = await searchOf(services, options);
  const [first] = words;
  if (options.jsonl) return await decodeLines(services, first, search);
  const isCode = options.table !== undefined || first === undefined || (words.length === 1 && first !== '-' && looksLikeCode(first));
  if (isCode) return await decodeCode(services, { code: first, table: options.table, json: options.json, language });
  const answer = explainBest(await readInputs(services, words, options.json === true), search);
  await services.out(options.json ? jsonLine(answer.json, 2) : messageAsText(answer, language));
  return answer.json.ok ? ExitCode.healthy : ExitCode.invalidInput;
}

async function searchOf(services: Services, { dialect, framing }: DecodeOptions): Promise<SniffOptions> {
  const codecs = dialect === undefined ? undefined : await codecsFor(services, dialect);
  const frame = framing === undefined ? undefined : parseFraming(framing);
  if (framing !== undefined && frame === undefined)
    throw usage(
      '--framing: there is no such framing',
      'one of len2-binary, len2-bcd, len4-ascii, len4-hex, len4-binary, vml, vap, none, then -tpdu, -header6 or -base24, -inclusive, -etx as needed',
    );
  return { ...(codecs && { codecs }), ...(frame && { framings: [frame] }) };
}

/** A dialect of the shelf, or a file with one of the user's own. */
async function codecsFor(services: Services, dialect: string): Promise<readonly Codec[]> {
  const [id = '', variant] = dialect.split('/');
  const known = codecsOf(id).filter((codec) => variant === undefined || codec.dialect.variant === variant);
  if (known.length > 0) return known;
  const bytes = await services.readBytes(dialect, MAX_MESSAGE_BYTES);
  if (bytes === undefined)
    throw usage('--dialect: there is no such dialect, nor a file of this name', `one of ${DIALECT_IDS.join(', ')}, or a YAML file`);
  const { readDialectFile } = await import('./dialect-file.ts');
  return [readDialectFile(dialect, new TextDecoder().decode(bytes))];
}

/** Digits before files: nobody calls a file so. */
async function readInputs(services: Services, words: readonly string[], json: boolean): Promise<readonly MessageInput[]> {
  const text = words.join(' ');
  const typed = readMessageText(text);
  if (text !== '-' && typed[0]?.form === 'hex') return typed;
  const bytes = words.length === 1 ? await services.readBytes(text, MAX_MESSAGE_BYTES) : undefined;
  const inputs = bytes === undefined ? typed : readMessageBytes(bytes);
  const isMessage = inputs.length > 0;
  // What is no message was meant as a file, and is not repeated: it may hold anything.
  if (!isMessage && !json)
    throw new OorError({
      code: 'no-message',
      message: bytes === undefined ? 'this is neither a file nor a message' : 'the file holds no message',
      hint: 'give hexadecimal digits, base64, a file, or - for standard input; for a code see: oor decode --table TABLE CODE',
      exitCode: ExitCode.invalidInput,
    });
  return isMessage ? inputs : [];
}

/** The first way to read it that explains every byte; else the first. */
function explainBest(inputs: readonly MessageInput[], search: SniffOptions): MessageAnswer {
  const answers: MessageAnswer[] = [];
  for (const { form, bytes } of inputs) {
    const answer = explainMessage(bytes, sniff(bytes, search), form);
    if (answer.json.ok) return answer;
    answers.push(answer);
  }
  const [first, ...others] = answers;
  if (first === undefined) return { described: undefined, json: refuseUnread('no-message', 0, 'this is neither a file nor a message') };
  return others.reduce((best, other) => (other.json.confidence > best.json.confidence ? other : best), first);
}

async function decodeLines(services: Services, file: string | undefined, search: SniffOptions): Promise<number> {
  if (file === undefined)
    throw usage('--jsonl needs a file', 'oor decode --jsonl FILE: one message in hexadecimal a line; - for standard input');
  const bytes = await services.readBytes(file, MAX_FILE_BYTES);
  if (bytes === undefined)
    throw new OorError({
      code: 'unreadable-file',
      message: `${escapeControlInLine(file.length > 200 ? 'the file' : file)} does not exist`,
      hint: 'name a file with one message in hexadecimal a line',
      exitCode: ExitCode.invalidInput,
    });
  const lines = new TextDecoder('latin1').decode(bytes).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  let refused = 0;
  for (let from = 0; from < lines.length; from += LINES_A_WRITE) {
    const answers = lines.slice(from, from + LINES_A_WRITE).map((line) => explainLine(line, search));
    refused += answers.filter(({ ok }) => !ok).length;
    await services.out(answers.map((answer) => jsonLine(answer)).join(''));
  }
  return refused === 0 ? ExitCode.healthy : ExitCode.invalidInput;
}

function explainLine(line: string, search: SniffOptions): MessageAnswer['json'] {
  const bytes = readHex(line);
  if (bytes !== undefined) return explainMessage(bytes, sniff(bytes, search), 'hex').json;
  const wrong = line.search(/[^0-9a-f\s]/i);
  if (line.trim() === '') return refuseUnread('empty', 0, 'there is no message');
  if (wrong >= 0) return refuseUnread('bad-hex', wrong, `character ${wrong + 1} of the line is no hexadecimal digit`);
  return refuseUnread('bad-hex', line.length, 'the number of hexadecimal digits is odd');
}
