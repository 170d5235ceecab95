import { wordFinder } from './beginnings.ts';
import { COMMAND_WORDS } from './command-line.ts';

/** Beginnings of the names of secrets, and of the commands that take them. */
const OF_SECRETS =
  'logi crum lice pat= pat: pat" pat] salt pw: pw= pw) pw( pw" pw> pw_ pass pwd psw secr toke api acce priv encr mast acco subs key cred cook sess sid auth jwt bear basi iden otp totp sms_ mms_ smsc mmsc mfa_ mfac one_ onet'
    .split(' ')
    .concat(COMMAND_WORDS, 'pat ', 'pw ', "pw'");

/** Beginnings of the sides of a card, and of a code that is somebody's own. */
const SIDES = [
  ...'hinte rücks rueck vorde verso recto derri atrás atras rever anver dorso trase poste retro dietr achte voork odwro arka belak balik baksi bagsi zadn spate'.split(
    ' ',
  ),
  ...[
    'dos d',
    'dos :',
    'dos:',
    'dos e',
    'au do',
    'z tył',
    'z tyl',
    'trás ',
    'trás:',
    'tras ',
    'unter',
    'mon c',
    'mio c',
    'meu c',
    'code s',
    'code c',
    'code p',
    'code à',
    'code d',
    'code v',
    'kod d',
    'kod t',
    'trzyc',
    'dreis',
    'ц',
    'Ц',
    '3 han',
    '署',
    '서',
    'о',
    'О',
    'с',
    '뒷',
    '뒤',
    '앞',
  ],
];
/** Beginnings of all that tells card data by a word: keys, columns. */
const OF_CARDS = [
  '패',
  'cod. perso sign cvv cvc cvn cvd cv2 csc cav2 cve2 9f1f 9f20 126. 126_ 126- 48.9 48.s 48_9 48-9 isoms veri secu card cid kbv codi cryp kart prue prüf pruf sec_ secc sec- sec. 4dbc',
  'digit back pan1 pan_ pan[ pan= cc1 cc_ cc[ bin= bin: bin" bin6 bin8 firs tarj',
  'track magn mags swip msr pin epb zmk zpk tmk tpk zak bdk ipek kek dek pvk cvk 密 口 安 验 磁 卡 银 背 签 校 セ к К 보 cvx cv_c cv_v cvco cv> tunn serie discr 3-st trois cods codv crd_ crdv sich beve kaar veil säke sikk turv kode güve guve véri sécu códi c.v. p.i.',
  'б Б ccch cc_c cc-c カ ク sigu pvv carta carte cartã kort kont cc_s cc_v cc-v cc-s ccve ccse ccva cccv ctrl κ ر ק 信 裏 确 확 bloc bloq pist tril band encp ciph clav ent5 ent0 ent3 cv_n cv-n cvnu fld0 de.0 de-0 de.3 de.4 hsm yshi thal ksn segu sicu cód. indp pik mak tdk ccv secv secc scty cscv sich gehe fide nip senh ifre bezp zabe bizt turv sake trk spur pist kenn aseñ asen löse hasł hasl hesl wach sala adga paro bm52 bm_5 bm-5 fld5 fld_ p52 p_52 p-52 p.52 p052 p35 p-35 p035 p_35 p45 p-45 p045 s-03 s035 s052 s-05 s35 s52 de36 f36 f036 स ร ا т Т 提 П п С с З з प 個 个 暗 ピ パ 핀 비 카 后 後 末 最 域',
  'de52 de05 de_5 de_0 de.5 de-5 de-0 de35 de03 de45 de04 df52 df05 df_5 df-5 df35 df45 f52 f052 f_52 f.52 f-52 f_05 f35 f035 f45 f045 fiel bit5 bit_ bit0 bit3 bit4',
]
  .join(' ')
  .split(' ')
  .concat(
    'três',
    ...SIDES,
    'cod ',
    'sec c',
    'mã b',
    'numer',
    'rever',
    'núme',
    'cvmv',
    ...['48 s', '48 d', '48 p', '48: s', '48:s', '48, s', '48 / ', '48/s', '48 ->', '48.p', '48->'],
    'sig p',
    'sig. p',
    'p 52',
    'p 35',
    'bm 5',
    'fld ',
    'pan ',
    'c v ',
    'de 5',
    'de 0',
    'de 3',
    'de 4',
    'df 5',
    'df 3',
    'f 52',
    'f 05',
    'f 35',
    'f 45',
    'bit ',
  );

/** Beginnings of `CVV`, `CVC` and `PIN` in base64 and in hexadecimal digits. */
const OF_SHORT_ENCODED = 'y3z2 y3zj q1zw q1zd cglu uelo uglu 63767 63766 43565 70696 50494 c3e5e c3e5c d7c9d'.split(' ');

export const findWords = wordFinder([...OF_CARDS, ...OF_SECRETS, ...OF_SHORT_ENCODED]);
export const findCardWords = wordFinder([...OF_CARDS, ...OF_SHORT_ENCODED]);
