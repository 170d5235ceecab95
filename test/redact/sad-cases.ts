/** Verification codes, PINs, PIN blocks and tracks as systems write them, under keys in many spellings. For tests and the bench. */
import { type Chance, cardNumber, pick } from './renderings.ts';

export interface SadCase {
  readonly text: string;
  /** While it is there the data is. */
  readonly value: string;
}

const CODE_KEYS =
  'cvv CVV Cvv cvv2 CVV2 cvc CVC cvc2 CVC2 cvn CVN2 csc CSC cav2 cvd CVD cv2 cvvCode cvv_code cvcCode cvcNumber cvv_number cvvValue cardCvv card_cvv cardCVV2 card-cvc cardCvc card.cvv CardCVV creditCardCvv credit_card_cvc billingCvv payment_cvc x_cvv2 securityCode security_code SecurityCode security-code cardSecurityCode card_security_code CARD_SECURITY_CODE verificationCode cardVerificationCode card_verification_value CardVerificationValue verification_value cardCode card_code 安全码'.split(
    ' ',
  );
const PIN_KEYS =
  'pin PIN Pin userPin user_pin cardPin card_pin CARD_PIN pinNumber pin_number pin_code PINCode pinValue atmPin onlinePin enteredPin pin.value'.split(
    ' ',
  );
const BLOCK_KEYS =
  'pinBlock pin_block PINBLOCK PinBlock pinblk PIN_BLK encryptedPinBlock encrypted_pin_block encPinBlock pinData pin_data ansiPinBlock DE52 DE052 F52 field52 field_52 bit52 epb'.split(
    ' ',
  );
const TRACK_KEYS =
  'track1 track2 Track2 track_2 TRACK2 track2Data track2_data trackData track_data trackTwo trackII track2EquivalentData magstripe magStripe magneticStripe magnetic_stripe_data swipeData msrData'.split(
    ' ',
  );

/** How a key and its value are written; `word` is another key that may stand beside it. */
const FORMS: Readonly<Record<string, (key: string, value: string) => string>> = {
  'key=value': (key, value) => `status=ok ${key}=${value} amount=12.50`,
  'key: value': (key, value) => `request ${key}: ${value}, amount: 12.50`,
  'spaced =': (key, value) => `${key} = ${value}`,
  query: (key, value) => `POST /pay?amount=12.50&${key}=${value}&currency=EUR`,
  'query, encoded': (key, value) => `body=amount%3D12.50%26${key}%3D${value}%26currency%3DEUR`,
  'form of objects': (key, value) => `card[${key}]=${value}&x=1`,
  'JSON string': (key, value) => `{"amount":12.5,"${key}":"${value}","ok":true}`,
  'JSON, spaced': (key, value) => `{ "${key}" : "${value}" }`,
  'JSON over lines': (key, value) => `{\n  "amount": 12.5,\n  "${key}": "${value}"\n}`,
  'JSON in a string': (key, value) => JSON.stringify({ body: JSON.stringify({ [key]: value, ok: 1 }) }),
  'JSON in a string in a string': (key, value) => JSON.stringify({ a: JSON.stringify({ body: JSON.stringify({ [key]: value }) }) }),
  'JSON with entities': (key, value) => `{&quot;${key}&quot;:&quot;${value}&quot;}`,
  'JSON, percent': (key, value) => encodeURIComponent(JSON.stringify({ [key]: value })),
  'JSON in base64': (key, value) => Buffer.from(JSON.stringify({ amount: 12.5, [key]: value, currency: 'EUR' })).toString('base64'),
  'JSON name and value': (key, value) => `{"name":"${key}","value":"${value}"}`,
  XML: (key, value) => `<Card><${xmlName(key)}>${value}</${xmlName(key)}></Card>`,
  'XML with a name space': (key, value) => `<pay:${xmlName(key)} xsi:type="xsd:string">${value}</pay:${xmlName(key)}>`,
  'XML attribute': (key, value) => `<card brand="visa" ${xmlName(key)}="${value}"/>`,
  'XML name and value': (key, value) => `<property name="${key}" value="${value}"/>`,
  'Java toString': (key, value) => `Card{holder='J DOE', ${key}='${value}', brand=VISA}`,
  'Java record': (key, value) => `Card[holder=J DOE, ${key}=${value}]`,
  'Kotlin data class': (key, value) => `Card(brand=VISA, ${key}=${value})`,
  'Python dict': (key, value) => `{'brand': 'visa', '${key}': '${value}'}`,
  'Ruby hash': (key, value) => `{:brand=>"visa", :${key}=>"${value}"}`,
  'Ruby hash of strings': (key, value) => `Parameters: {"amount"=>"12", "${key}"=>"${value}"}`,
  'PHP print_r': (key, value) => `    [${key}] => ${value}`,
  'PHP array': (key, value) => `'${key}' => '${value}',`,
  'Go struct': (key, value) => `&{Brand:visa ${key}:${value} Month:12}`,
  'Go %#v': (key, value) => `Card{Brand:"visa", ${key}:"${value}"}`,
  YAML: (key, value) => `card:\n  ${key}: '${value}'\n`,
  header: (key, value) => `> X-${key}: ${value}`,
  'flag of a command': (key, value) => `pay --amount 12 --${key} ${value}`,
  'flag with =': (key, value) => `pay --${key}=${value} --amount 12`,
  'HTML input': (key, value) => `<input type="text" name="${key}" maxlength="4" value="${value}">`,
  'multipart form': (key, value) => `Content-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n--b`,
  'table of a log': (key, value) => `amount | 12.50\n${key} | ${value}\n`,
  'with an arrow': (key, value) => `${key} -> ${value}`,
};

function xmlName(key: string): string {
  return key.replace(/[^A-Za-z0-9_.\u4e00-\u9fff-]/g, '');
}

const digits = (chance: Chance, count: number) => Array.from({ length: count }, () => chance(10)).join('');
const block = (chance: Chance) =>
  Array.from({ length: 16 }, () => '0123456789ABCDEF'[chance(16)])
    .join('')
    .replace(/^./, 'A');
const tail = (chance: Chance) => `${26 + chance(8)}0${1 + chance(9)}201${digits(chance, 9)}`;

/** Where no key says what it is, the place does. */
const POSITIONAL: Readonly<Record<string, (chance: Chance) => SadCase>> = {
  'number|month|year|code': (chance) => withCode(chance, (pan, code) => `${pan}|12|2027|${code}`),
  'number|mm/yy|code': (chance) => withCode(chance, (pan, code) => `${pan}|12/27|${code}`),
  'number;mmyy;code': (chance) => withCode(chance, (pan, code) => `${pan};1227;${code}`),
  'number,mm/yy,code': (chance) => withCode(chance, (pan, code) => `card ${pan},12/27,${code}`),
  'number mm/yy code': (chance) => withCode(chance, (pan, code) => `${pan.replace(/.{4}(?=.)/g, '$& ')} 12/27 ${code}`),
  'a table with a head': (chance) => withCode(chance, (pan, code) => `order,pan,expiry,cvv\n1001,${pan},12/27,${code}\n`),
  'SQL insert': (chance) => withCode(chance, (pan, code) => `INSERT INTO cards (pan, expiry, cvv) VALUES ('${pan}', '12/27', '${code}');`),
  'ISO 8583 packager, code': (chance) => {
    const value = block(chance);
    return { text: `<field id="52" value="${value}" type="binary"/>`, value };
  },
  'ISO 8583 packager, track': (chance) => {
    const value = `${cardNumber(chance)}=${tail(chance)}`;
    return { text: `<field id="35" value="${value}"/>`, value };
  },
  'field list': (chance) => {
    const value = block(chance);
    return { text: `  [052] ${value}\n`, value };
  },
  'track 1': (chance) => {
    const value = `${cardNumber(chance)}^DOE/JOHN^${tail(chance)}`;
    return { text: `swipe %B${value}?`, value };
  },
  'track 2': (chance) => {
    const value = `${cardNumber(chance)}=${tail(chance)}`;
    return { text: `;${value}?`, value };
  },
  'track 2, packed': (chance) => {
    const value = `${cardNumber(chance)}D${tail(chance)}`;
    return { text: `35 => ${value}F`, value };
  },
  'chip data': (chance) => {
    const value = `4${digits(chance, 15)}`;
    const track = `${luhn(value)}D${tail(chance)}F`.replace(/^(.*)$/, (all) => (all.length % 2 === 0 ? all : all.slice(0, -1)));
    return { text: `9F2701805F2A020978570${(track.length / 2).toString(16).toUpperCase()}${track}9F360200A1`, value: track.slice(16, 28) };
  },
  'spoken code': (chance) => {
    const value = digits(chance, 3);
    return { text: `customer says the CVV is ${value} and waits`, value: `CVV is ${value}` };
  },
  'spoken pin': (chance) => {
    const value = digits(chance, 4);
    return { text: `entered PIN ${value} twice`, value };
  },
};

function luhn(digitsOfCard: string): string {
  const body = digitsOfCard.slice(0, 15);
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

function withCode(chance: Chance, write: (pan: string, code: string) => string): SadCase {
  const code = `${3 + chance(7)}${digits(chance, 2)}`;
  const pan = cardNumber(chance);
  const text = write(pan, code);
  return { text, value: text.slice(text.lastIndexOf(code) - 1, text.lastIndexOf(code) + 3) };
}

export const SAD_KINDS: Readonly<Record<string, (chance: Chance) => SadCase>> = {
  ...Object.fromEntries(
    Object.entries(FORMS).flatMap(([form, write]) => [
      [`code, ${form}`, (chance: Chance) => keyed(write, pick(chance, CODE_KEYS), digits(chance, 3 + (chance(5) === 0 ? 1 : 0)))],
      [`PIN, ${form}`, (chance: Chance) => keyed(write, pick(chance, PIN_KEYS), digits(chance, 4 + 2 * chance(2)))],
      [`PIN block, ${form}`, (chance: Chance) => keyed(write, pick(chance, BLOCK_KEYS), block(chance))],
      [`track, ${form}`, (chance: Chance) => keyed(write, pick(chance, TRACK_KEYS), `${cardNumber(chance)}=${tail(chance)}`)],
    ]),
  ),
  ...POSITIONAL,
};

function keyed(write: (key: string, value: string) => string, key: string, value: string): SadCase {
  const text = write(key, value);
  // Short values may stand elsewhere by chance: with what is before them they do not.
  const at = text.lastIndexOf(value);
  return {
    text: `2026-11-28 06:41:13 INFO ${text}\n`,
    value: at === -1 ? text.slice(text.length / 3, (text.length * 2) / 3) : text.slice(Math.max(0, at - 1), at + value.length),
  };
}
