import { findBase64 } from './base64.ts';
import { findInByteLists } from './byte-list.ts';
import { findInCalls } from './call.ts';
import { findCandidates } from './candidates.ts';
import { findCharacterRows } from './character-rows.ts';
import { type Codes, codesOf, isAscii } from './codes.ts';
import { findInCommands } from './command-line.ts';
import { findDecorated } from './decorated.ts';
import { findDescribed } from './described.ts';
import { findDescribedElsewhere } from './described-elsewhere.ts';
import { digitsOf } from './digit-stretch.ts';
import { findInDumps } from './dump.ts';
import { findEbcdic } from './ebcdic.ts';
import { findHexadecimal } from './hexadecimal.ts';
import { findHolderCodes } from './holder-code.ts';
import { findInnerTokens } from './inner-token.ts';
import { findKeyBlocks } from './key-block.ts';
import { findKeyed } from './key-value.ts';
import { knownSecretDetector } from './known-secret.ts';
import { findKubernetesSecrets } from './kubernetes-secret.ts';
import { findPinBlockFields, findTravellingBlocks, findVerifyCommands } from './message-fields.ts';
import { findCardData } from './pan.ts';
import { findPasswordHashes } from './password-hash.ts';
import { isPlainNumber } from './plain-number.ts';
import { findPrivateKeys } from './private-key.ts';
import { type Pseudonym, personalDetector } from './pseudonym.ts';
import { findQuotedPrintable } from './quoted-printable.ts';
import { findShortEncoded } from './short-encoded.ts';
import { type Detector, isSadKind, type Span } from './span.ts';
import { findSpelled } from './spelled.ts';
import { findSubFields } from './sub-field.ts';
import { findTokens } from './token.ts';
import { findUnreadablyNamed } from './unreadable-name.ts';
import { findUrlPasswords } from './url.ts';
import { findWrittenOtherwise } from './visible-view.ts';
import { findCardWords, findWords } from './word.ts';
import { findWrapped } from './wrapped.ts';

export interface RedactorOptions {
  /** Values to remove wherever they stand (those of six characters or more). */
  readonly secrets?: readonly string[];
  /** Texts of which it is known that there is nothing to remove in them: `json` leaves them as they are. */
  readonly harmless?: readonly string[];
  /** Finds messages with card data that stand in a text as a whole; what they hold has no form of its own. */
  readonly messages?: Detector;
  /** Card data and nothing else. */
  readonly only?: 'card';
  /** Hosts, addresses and people too, each under a name that stands for it; `names` are known hosts without a domain. */
  readonly personal?: { readonly pseudonym: Pseudonym; readonly names: readonly string[] };
  /** Card numbers under such a name in place of their first six and last four digits. Never both: together they tell more. */
  readonly panPseudonym?: Pseudonym;
  /** Told by `text` and `json` of the first six digits of each card number, before it goes: what belongs to which issuer survives it. */
  readonly onIssuer?: (issuer: string) => void;
}

/** Encodings that are undone, one in the other. */
const DEPTH = 2;
/** Somebody else's masks: beside a pseudonym they would tell whose it is. */
const MASKED = /(?<![0-9])[0-9]{6}[*xX\u2022]{3,9}[0-9]{4}(?![0-9])/g;

/** Neither a key with its value nor a form that gives something away; most strings of facts are one such word. */
const PLAIN_WORD = /^[A-Za-z_]{0,12}$/;
/** A time or a size: too short for base64 and for bytes, and a card number at most. */
const PLAIN_NUMBER = /^\d{0,17}$/;

/** All that must go from a text; `underCardKey`: its key says that it is a card number. */
export function createFinder({
  secrets = [],
  messages,
  only,
  personal,
  panPseudonym,
}: RedactorOptions): (text: string, underCardKey: boolean) => readonly Span[] {
  const isCard = only === 'card';
  const known = knownSecretDetector(secrets);
  const people = personal === undefined ? undefined : personalDetector(personal.pseudonym, personal.names);
  const beside = (text: string, codes: Codes): readonly Span[] => {
    const words = isCard ? findCardWords(codes) : findWords(codes);
    const keyed = findKeyed(text, words);
    const told = [
      ...findPinBlockFields(text),
      ...findTravellingBlocks(text, words),
      ...findSubFields(text, words),
      ...findSpelled(text, words),
      ...findDescribed(text, words),
      ...findDescribedElsewhere(text, words),
      ...findHolderCodes(text, words),
      ...findUnreadablyNamed(text),
      ...findShortEncoded(text, words, (inner) => findKeyed(inner, findCardWords(codesOf(inner)))),
    ];
    if (isCard) return [...known(text), ...keyed.filter(({ kind }) => isSadKind(kind)), ...told];
    return [...known(text), ...findCredentialsOf(text, codes, words), ...keyed, ...told];
  };
  const findPlain = (text: string, codes = codesOf(text), underCardKey = false, digits = digitsOf(codes)): readonly Span[] => [
    ...beside(text, codes),
    ...findCardData(text, codes, digits, underCardKey),
    ...findDecorated(text, codes, digits),
  ];
  const isPlain = secrets.length === 0 && people === undefined;
  return (text, underCardKey) => {
    if (isPlain && PLAIN_WORD.test(text)) return [];
    if (isPlain && messages === undefined && !underCardKey && isPlainNumber(text)) return [];
    const codes = codesOf(text);
    if (isPlain && panPseudonym === undefined && PLAIN_NUMBER.test(text)) return findCardData(text, codes, undefined, underCardKey);
    const digits = digitsOf(codes);
    const spans = [
      ...findPlain(text, codes, underCardKey, digits),
      ...findInByteLists(codes, digits, (inner) => findPlain(inner)),
      ...findEncoded(text, codes, findPlain, DEPTH),
    ];
    if (messages !== undefined) spans.push(...messages(text));
    if (people !== undefined) spans.push(...people(text));
    return panPseudonym === undefined ? spans : [...spans.map((span) => underPseudonym(span, panPseudonym)), ...findMasked(text)];
  };
}

/** A name of three letters and a code, of which one sign is an escape. */
const MIN_ESCAPED = 10;

/** Secrets that their own form or their place gives away. */
function findCredentialsOf(text: string, codes: Codes, words: readonly number[]): readonly Span[] {
  return [
    ...findPrivateKeys(text),
    ...findUrlPasswords(text),
    ...findTokens(text, codes),
    ...findInnerTokens(text),
    ...findPasswordHashes(text),
    ...findKeyBlocks(text),
    ...findKubernetesSecrets(text),
    ...findInCommands(text, words),
    ...findInCalls(text),
  ];
}

/** What is not written as it is. */
function findEncoded(text: string, codes: Codes, findPlain: Detector, depth: number): readonly Span[] {
  if (text.length < (isAscii(codes) ? MIN_ESCAPED : 2)) return [];
  const findDeeper: Detector = (inner) => [
    ...findPlain(inner),
    ...(depth > 1 ? findEncoded(inner, codesOf(inner), findPlain, depth - 1) : []),
  ];
  const candidates = findCandidates(text, codes);
  return [
    ...findWrittenOtherwise(text, candidates, (inner) => findPlain(inner)),
    ...findHexadecimal(text, codes, candidates, (inner) => findPlain(inner)),
    ...findVerifyCommands(text, candidates),
    ...findInDumps(text, candidates, (inner) => findPlain(inner)),
    ...findCharacterRows(text, codes, (inner) => findPlain(inner)),
    ...findQuotedPrintable(text, codes, (inner) => findPlain(inner)),
    ...findBase64(text, candidates, findDeeper),
    ...findWrapped(text, codes, (inner) => findCardData(inner)),
    ...(isAscii(codes) ? [] : findEbcdic(text, (inner) => findPlain(inner))),
  ];
}

function underPseudonym(span: Span, pseudonym: Pseudonym): Span {
  if (span.digits === undefined) return span;
  return { ...span, replacement: `[PAN:${pseudonym('pan', span.digits)}]${span.replacement.endsWith('\n') ? '\n' : ''}` };
}

function findMasked(text: string): Span[] {
  return Array.from(text.matchAll(MASKED), ({ 0: mask, index }) => ({
    start: index,
    end: index + mask.length,
    kind: 'pan-mask',
    replacement: '[PAN:masked]',
  }));
}
