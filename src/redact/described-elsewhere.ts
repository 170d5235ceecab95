import { type Span, sadSpan } from './span.ts';

/**
 * The verification code by where it stands on the card, as people put it who speak no English: `die drei Ziffern hinten sind 123`,
 * `numéro au dos de la carte : 123`, `カード裏面の3桁の数字：123`.
 */
const SIDE = new RegExp(
  [
    'hinten(?![a-zäöü])|(?:karten)?(?:r(?:ü|ue)ck|vorder)seite|(?:au |le )?dos(?![a-zé])|verso(?![a-z])|recto(?![a-z])|derri[eè]re|a?tr[aá]s(?![a-z])',
    'reverso|anverso|dorso|trasera|posterior|retro(?![a-z])|dietro|achter(?:op|kant|zijde)|voorkant|z ty[lł]u|odwroci[eu]',
    'arka(?:s[iı])?(?:n?daki|n?da)?(?![a-zıüşğçö])|(?:на )?оборот[еа]|оборотной|обратной|сзади|belakang|balik|unterschriftsfeld|署名[欄栏]|서명란|baksid[ae]n?|bagsiden|zadn[ií]|spate',
    '[裏背]面?側?|[뒷뒤]면?|앞면',
  ].join('|'),
  'iuy',
);
const DIGITS =
  'stellig(?:e[rnsm]?)?|ziffern?|zahlen|chiffres|d[ií]gitos|n[uú]meros|cifr[ey]|cifras|numeri|cijfers|cyfr[ya]?|haneli|hane|rakam|цифр[ыа]?|значн[а-я]{2}|angka|digits?|siffror|siffer|桁|けた|ケタ|자리';
const COUNTED = new RegExp(
  String.raw`(?:(?<![\d.,])[34]|drei|vier|trois|quatre|tres|três|cuatro|quatro|tre|quattro|drie|trzy|cztery|üç|dört|три|четыре|tiga|empat|세|네|[三四])[ -]?(?:letzten |derniers |últimos |ultim[eoi] |laatste |ostatnie |son |последние )?(?:${DIGITS})`,
  'iu',
);
const CODE = /(?<![\p{L}])(?:code|c[oó]digo|codice|kod[ueiy]?|kode|cv[vcn]2?|cryptogramme)(?![\p{L}])|код|コード|코드/iu;
const NUMBER = /num[eé]ro|número|numero|nummer|numer(?![a-z])|numaras[iı]|nomor|номер|zahl|番号|数字|번호|숫자/iu;
const CARD =
  /(?<!\p{L})(?:kr?edit)?(?:cart(?:e|a|ão|ao)|cb|karte|tarjeta|pas(?:je)?|kart(?:y|a|u|e|ın|ı|in)?|kort(?:et)?)(?!\p{L})|карт|カード|카드/iu;
const OF_OTHER =
  /komma|virgule|coma(?![a-z])|v[ií]rgula|virgola|przecink|запят|desimal|decimal|postal|page|(?<!rück|rueck|vorder)seite[nr]?(?![a-z])|p[áa]gina|pagina|pedido|commande|bestell|заказ|注文|주문|우편|promo|sconto|ticket|billet|descuento|desconto|rabat|gutschein|kupon/iu;
/** Words, of which a count may be one, up to a sign or a verb, and the code. */
const BEHIND =
  /(?:[\p{L}\p{M} \t'’-]|(?<!\d)[34](?![\d.,])){0,72}?(?<told>[)）]?[ \t]?[:：=「『][ \t]{0,3}|[ \t](?:ist|sind|lautet|lauten|est|sont|es|son|é|è|são|sao|sono|is|zijn|to|jest|adalah|ialah|это|-|–)[ \t](?:(?:el|le|la|il|o|die|der|das)[ \t])?|[はが는은이가][ \t]?|[)）]?[ \t](?=\d))(?<code>\d{3,4})(?![\p{L}\d:%*/-]|[.,]\d|[ \t]?(?:[a-zäöüğışçéèàãõ]{2}|[%€$£]))/iuy;
const BEHIND_SIGNED =
  /(?:[\p{L}\p{M} \t'’-]|(?<!\d)[34](?![\d.,])){0,72}?(?:[)）]?[ \t]?[:：=「『][ \t]{0,3}|[はが는은이가][ \t]?)(?<code>\d{3,4})(?![a-zA-Z\d:%*/-]|[.,]\d)/iuy;
/** By its length, where the word for that or the code begins it: `code à trois chiffres au verso: 123`, `три цифры на обороте: 123`. */
const SIZED =
  /(?:(?:3-|drei)stellige[rns]? (?:karten)?(?:code|nummer)|trois chiffres|três d[ií]gitos|три цифры|тр[её]хзначный код|трицифровий код|code à (?:3|trois) chiffres|c[óo]digo de (?:3|tr[eê]s) d[ií]gitos|codice (?:a|di) (?:3|tre) cifre|trzycyfrowy kod|kod trzycyfrowy|code van (?:3|drie) cijfers|3 haneli (?:güvenlik )?kod(?:u|um)?|kode 3 (?:digit|angka))(?:[ \t-](?!запят|virgule|v[ií]rgula|komma|signif)\p{L}{1,16}){0,5}[ \t]{0,2}[:：=]?[ \t]{0,2}(\d{3})(?![\d:%]|\.\d)/iuy;
const BEFORE = 48;

/** First letters of the sides in Latin letters; `word.ts` has their beginnings. */
const LATIN = new Set([...'hrvkdatpzobsuc3'].map((letter) => letter.charCodeAt(0)));

export function findDescribedElsewhere(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const place of places) {
    const first = text.charCodeAt(place);
    if (place < done || (first < 0x80 && !LATIN.has(first | 0x20))) continue;
    const span = codeBySide(text, place, done) ?? codeBySize(text, place);
    if (span === undefined) continue;
    spans.push(span);
    done = span.end;
  }
  return spans;
}

function codeBySide(text: string, place: number, done: number): Span | undefined {
  SIDE.lastIndex = place;
  if (!SIDE.test(text)) return undefined;
  const end = SIDE.lastIndex;
  const before = (/[^\r\n.;:!?]*$/.exec(text.slice(Math.max(done, place - BEFORE), place)) ?? [''])[0];
  for (const pattern of [BEHIND_SIGNED, BEHIND]) {
    pattern.lastIndex = end;
    const groups = pattern.exec(text)?.groups;
    if (groups?.code === undefined) continue;
    const stop = pattern.lastIndex;
    const said = before + text.slice(place, stop - groups.code.length);
    return isOfCode(said, groups.told ?? ':') ? sadSpan('cvv', stop - groups.code.length, stop) : undefined;
  }
  return undefined;
}

function codeBySize(text: string, place: number): Span | undefined {
  SIZED.lastIndex = place;
  const code = SIZED.exec(text)?.[1];
  return code === undefined ? undefined : sadSpan('cvv', SIZED.lastIndex - code.length, SIZED.lastIndex);
}

function isOfCode(said: string, told: string): boolean {
  if (OF_OTHER.test(said)) return false;
  if (COUNTED.test(said)) return true;
  const isOfCard = CARD.test(said);
  return CODE.test(said) ? isOfCard || told.trim() !== '' : isOfCard && NUMBER.test(said);
}
