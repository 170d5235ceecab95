import { type Span, sadSpan } from './span.ts';

/**
 * The PIN as holders of cards call it where they do not say PIN: `su clave es 1234`, `le code de la carte est 1234`, `senha de 4 dígitos: 1234`,
 * `пароль от карты 1234`. Each name says that it is of a card or of somebody's own; a code or a key by itself is that of anything.
 */
const NAME = [
  String.raw`code (?:secret|confidentiel|à (?:4|quatre) chiffres)(?=[ \t](?:est|était)[ \t])|code(?:[ \t](?:secret|confidentiel|personnel|à (?:4|quatre) chiffres)){0,2}[ \t](?:de |pour )?(?:(?:la|ma|sa|votre) )?(?:carte|cb)(?: bancaire| bleue)?`,
  '(?:clave|(?<=contr)ase[nñ]a|c[oó]digo secreto)(?: de (?:4|cuatro) d[ií]gitos)?(?: (?:del?|para) (?:(?:la|mi|su|tu) )?(?:tarjeta|cajero)(?: (?:de )?(?:d[eé]bito|cr[eé]dito)| autom[aá]tico)?)',
  String.raw`clave de (?:4|cuatro) d[ií]gitos|(?<=(?<!\p{L})(?:mi|su|tu)[ \t])clave(?=[ \t](?:es|era)[ \t])|c[oó]digo secreto|codice (?:segreto )?(?:del |della )?(?:carta|bancomat)`,
  'senha(?: d[eoa] (?:cart[aã]o|multibanco|banco|(?:4|6|quatro|seis) d[ií]gitos)){0,2}|(?<=minha )password do cart[aã]o',
  'code van (?:mijn|de|je|uw) (?:bank)?pas|code der (?:ec-)?karte|(?<=bankomat-?)code|(?:kod|has[lł]o) do karty|(?:пароль|код) (?:от|для) (?:моей )?карты|kode rahasia|(?<=ş)ifre(?:m|niz)',
].join('|');
const TOLD = String.raw`(?:[ \t]?[:：=][ \t]{0,3}|[ \t](?:ist|lautet|est|était|es|era|é|è|is|to|jest|adalah)[ \t](?:(?:el|la|le|il|a|o|de|der|die)[ \t])?|[ \t](?:-[ \t])?(?=\d))["'«]?`;
const ENDS = String.raw`(?![\p{L}\d:%*/-]|[.,]\d|[ \t]?(?:[a-z]{3}|[%€$£]))`;
const NAMED = new RegExp(String.raw`(?:${NAME})${TOLD}(\d{4,6})${ENDS}`, 'iuy');
/** A code of somebody's own, where a card is told of in the same line: `mon code est 1234, la carte est bloquée`. */
const OWN = new RegExp(
  String.raw`(?:mon|mio|meu)[ \t](?:code|codice|código)(?:[ \t](?:secret|segreto|secreto))?[ \t](?:est|était|è|era|é)[ \t](?:le |il |o )?(\d{4,6})${ENDS}`,
  'iuy',
);
const CARD = /(?<!\p{L})(?:cart(?:e|a|ão)|cb|distributeur|bancomat|caixa)(?!\p{L})/iu;
const MAX_LINE = 80;
/** c, a, s, p, b, k, h, m, i, and Cyrillic letters. */
const FIRST = new Set([...'caspbkhmi'].map((letter) => letter.charCodeAt(0)));

export function findHolderCodes(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  for (const place of places) {
    const first = text.charCodeAt(place);
    if (first < 0x80 && !FIRST.has(first | 0x20)) continue;
    const span = pinBy(NAMED, text, place) ?? pinBy(OWN, text, place);
    if (span !== undefined && (NAMED.lastIndex !== 0 || CARD.test(lineAround(text, span)))) spans.push(span);
  }
  return spans;
}

function pinBy(pattern: RegExp, text: string, place: number): Span | undefined {
  pattern.lastIndex = place;
  const pin = pattern.exec(text)?.[1];
  return pin === undefined ? undefined : sadSpan('pin', pattern.lastIndex - pin.length, pattern.lastIndex);
}

function lineAround(text: string, { start, end }: Span): string {
  const before =
    text
      .slice(Math.max(0, start - MAX_LINE), start)
      .split('\n')
      .at(-1) ?? '';
  return `${before} ${text.slice(end, end + MAX_LINE).split('\n', 1)[0] ?? ''}`;
}
