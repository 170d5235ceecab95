/**
 * What may stand between the name of authentication data and its value: one grammar for every notation. It is open where that is safe (blanks,
 * quotes, brackets, signs, types, wrappers of any name) and closed where it is not (words of talk).
 */

/** Wrappers, types and remarks. */
const WORDS = [
  'value|val|v|vStr|vLong|(?!m(?:in|ax))[a-z]{1,16}_?value|input|payload|it|agent|retry|answer|dtmf|keyed|typed|reply|keys|keystrokes',
  'old|changed|inserito|introducido|data|content|contents|text|raw|plain|clear|string|str',
  String.raw`(?:var)?char2?(?:\(\d{1,4}\))?|int|integer|long|number|num|nr|S|N|some|optional|just|secret|sensitive|present|code`,
  'is|was|are|as|got|given|tried|entered|received|expected|computed|calculated|calc|stored|saved|supplied|default|ist|which',
  String.raw`est|es|é|at|row \d{1,6}|with|rejected|fmt[ =:]{0,2}\d|format[ =:]{0,2}\d|der|karte|eingegeben|ingresado|saisi`,
  'lautet|lauten|sind|son|sont|è|são|sao|sono|zijn|to|jest|är|là|của|tôi|no(?= cart)|adalah|ialah|ay|这是|sul|retro|do|od|от|моей|на|zur|meiner|mia?|ma|sua|minha|meu|saya|anda|kamu|cajero|(?:bank)?pas|van|mijn|meine[rs]?|debit|kredit|débito|crédito|bancaire|bancomat|multibanco|ec-karte|kartu|numaras[ıi]|numaram|kodum|kodunuz|kodu',
  'digitado|in|want|any|e\\.g\\.|eg|i\\.e\\.|ex|ej|z\\.B\\.|example|use|used|using|such|like|say|says|told|target|numeric|but|always|dell?a|de|la|carte|tarjeta|cart[aã]o?|da|do|invalid|mismatch|by|from|new|of|the|card|u|b|be|must',
  'digits?|bytes|element|after|before|xor|encryption|translation|set|to|into|src|dst|source|dest|ok|ret|returned|returns|decrypted|binary|hex|ascii|bcd|LLVAR|LLLVAR|block',
  String.raw`[12](?=[ \t]{0,2}[:=)\]<"'])|plaintext|clear text|明文|密文|buffer|buf|puffer|fmt|format|iso|mode|has|карт[аыи]|картки|karty|kart[iıu]|kaart|kortet|karte|atm`,
].join('|');
/** Functions and constructors that make a value of what they are given: `bytes.fromhex("`, `float64(`, `new ByteString("`. */
const MADE_BY = [
  'u?int(?:8|16|32|64)?|float(?:32|64)?|double|decimal|big_?(?:int(?:eger)?|decimal)|parse_?(?:int|long|hex)\\w{0,8}|value_?of|json\\.number',
  'bytes(?:_?array)?|byte_?(?:string|array)|(?:un|from_?|decode_?|a2b_?)hex(?:lify|_?string)?|hex(?:_?string|str)?(?:_?to_?byte(?:s|array)?|2bin|2byte\\w{0,8}|_?decode\\w{0,8})?',
  'from_?(?:string|base64)|(?:b|base)64_?decode|secret_?str(?:ing)?|buffer\\.from',
].join('|');
/** What is told about a value before it. */
const ATTRIBUTES =
  'keyword|schemaPath|op|error_?message|error_?code|severity|rootBeanClass|leafBean|messageTemplate|tag|type|present|presence|indicator|ind|fieldtype|msg|message|reason|rule|constraint|objectName|defaultMessage|encrypted|format|fmt|class|len|length|size|id|index|encoding|maxlength|max|min|label|title|placeholder|required|hidden|kind|xsi:type|scheme|datatype|mandatory|sensitive|masked';
/** What is told of a code or a PIN in an object of its own: a member with such a name is not the value. */
const ABOUT =
  '(?:error|err|fail|result|resp|status|state|match|mismatch|count|total|time|timeout|duration|latency|retr|attempt|tries|len|size|max|min|limit|port|line|version|id|page|offset|index|score|ttl|enabled|required|provider|retries|width|height|top|left|margin|padding|order|since|after|year|amount)';
/** Who answers, and how the answer begins. */
export const SPEAKER =
  'customer|client|caller|user|card ?holder|kunde|kundin|cliente|guest|visitor|member|me|him|her|B|客户|客戶|用户|顾客';
const AGREES = "sure|yes|yeah|ok|okay|of course|it['’]?s|its|it is|that['’]?s|ja|oui|sí|si|sim|es|é|es ist|c['’]est|好的|是";
const QUOTE = String.raw`\\{0,6}["'${'`'}]`;

/** One step from a name to its value. */
export const STEP = new RegExp(
  [
    // `And the CVV?`, and what somebody answers.
    String.raw`(?<asked>(?:\?(?=[ \t\r\n<])|(?<=[A-Z]{2}2?|pin|cv[vcn]2?|code),?[ \t](?:please|pls|plz|bitte|por favor)[.!?]?(?=[ \t]{0,2}\r?\n[ \t]*(?:[<[]?[A-Za-z][A-Za-z ]{0,20}[\]>]?[:>]|>|\d))|(?=\r?\n[ \t]{0,4}(?:${SPEAKER})[ \t]{0,2}[:>]))[ \t]*(?:\r?\n[ \t]*|<[/\w]{1,12}>[ \t]*){0,2}(?:[<[]?[A-Za-z][A-Za-z ]{0,20}[\]>]?[:>][ \t]{0,3}|>[ \t])?(?:(?:${AGREES})[,.:!]{0,2}[ \t]{1,2}){0,3})`,
    String.raw`(?<member>(?:->|(?<=-)>|\.)(?!${ABOUT})[A-Za-z]\w{0,24}(?=[ \t]{0,3}=[^=]))`,
    String.raw`(?<blank>(?:[ \t\u00a0\u3000]|%20|\+(?=%3[AaDd])|(?<=%3[AaDd])\+|&nbsp;|&#(?:160|xa0);|\\{1,4}t(?![a-z]))+)`,
    String.raw`(?<input>\r?\n[ \t]{1,8}[A-Z][^\r\n]{0,160}?[, \[]input_value=)`,
    String.raw`(?<line>\r?\n(?:[ \t]{0,4}\d{1,3}\)[ \t]|\$\d{1,3}(?=[ \t]=))?|(?:\\{1,4}r)?\\{1,4}n(?![a-z]))`,
    String.raw`(?<closed>\]\]>|</[\w:.-]{1,40}>(?:[ \t]{0,8}(?:\r?\n)?[ \t]{0,40}(?=<))?)`,
    String.raw`(?<tag><!\[CDATA\[|(?!<Buffer )<[A-Za-z][\w:.-]{0,40}(?:[ \t][^<>\r\n]{0,80})?>|>)`,
    String.raw`(?<sole>(?:[A-Z]\w{1,30})?[{(]\s{0,24}(?:${QUOTE})?[@$#_]{0,2}(?!${ABOUT}|code)\w{0,24}(?:${QUOTE})?[ \t]{0,4}[:=][ \t]{0,4}(?=(?:${QUOTE})?[0-9A-Fa-f]{3,32}(?:${QUOTE})?\s{0,24}[})]))`,
    String.raw`(?<attribute>,?[ \t]{0,4}(?:\r?\n[ \t]{0,40})?(?:${QUOTE})?(?:${ATTRIBUTES})(?:${QUOTE})?[ \t]{0,4}[:=][ \t]{0,4}(?:\\{0,6}["'][\w:./ -]{0,40}\\{0,6}["']|(?:class )?[\w.:$-]{1,48})(?:[,;][ \t]{0,4})?)`,
    String.raw`(?<pair>[,;&][ \t]{0,4}(?:${QUOTE})?(?:(?:new|invalid|rejected|attempted|bad|wrong|submitted|actual|received|provided|current|given|raw|attempted|input)_?value|value|val|v|content|data|text|answer|input|entered|new)(?:${QUOTE})?[ \t]{0,3}[:=]|,[ \t]{0,4}(?:${QUOTE})?old_?\w{0,5}(?:${QUOTE})?[ \t]{0,3}[:=][ \t]{0,3}null|(?:null|nil|none|empty)(?=[ \t]{0,2}(?:->|=>|→))|,[ \t](?:but[ \t])?(?:was|got|received|actual|given|found)(?![A-Za-z])|has value(?![A-Za-z])|must be (?:between )?\d{1,2}(?: (?:and|to) \d{1,2})? (?:characters|digits)(?: in length)?\. You entered(?=[ \t]\d{3}))`,
    String.raw`(?<typed>(?<=[ \t:])(?:PIC[ \t]{1,4}\S{1,12}(?:[ \t]{1,4}VALUE[ \t]|(?=[ \t]{0,4}[:=]))|(?:EQU|d[bw]|DC)[ \t]{1,4}C?(?=["'\d])))`,
    String.raw`(?<made>(?:new[ \t])?(?:[A-Za-z]\w{0,24}\.){0,3}(?:${MADE_BY})\([ \t]{0,2})`,
    String.raw`(?<circumstance>(?:(?:does|did)(?:n't| not) match|not equal|(?:after|before) (?:de|en)crypt\w{0,5}|(?:from|in) (?:the )?(?:request|body|form|payload|message))(?=[ \t]{0,3}[:=(]))`,
    // How long it is, in a language whose words stand without blanks; and what marks a subject there.
    String.raw`(?<sized>[ \t]?(?:の|(?:앞|뒤|下|上|末尾)[ ]?)?(?:[3-6３-６]|세|네|여섯)[ ]?(?:桁|けた|자리)(?:の?(?:数字|番号)|[ ]?(?:숫자|번호))?(?=[ \t]{0,2}(?:[:：=]|[はが는은이가]|\d)))`,
    String.raw`(?<particle>['’](?:s[iıu]|[iıuü]m)(?= )|[はがを는은을](?=[ \t]?[「『"']?[0-9])|(?:填写?|输入|输|写|报|给)(?:[的了]是?|[是为])?(?=[ \t]?[：:]?[ \t]?[“"']?[0-9]))`,
    String.raw`(?<packed>\u00a3(?=\d{3}(?!\d))|\u00a4(?=\d{4}(?!\d))|\u00a5(?=\d{5}(?!\d))|\u00a6(?=\d{6}(?!\d)))`,
    String.raw`(?<word>!!\w{2,6}|T[A-Z][a-z]\w{1,20}(?=\r?\n)|[a-z][\w.$]{1,60}@(?:0x)?[0-9a-f]{1,16}(?=[ \t])|&\w{1,16}(?=[ \t])|\.(?:val\(\)|value|text\(\)|\$?(?:view|model)value)|(?:[A-Z]\w{0,40}:)?(?:private|protected)|\[\](?:string|int\d{0,2}|byte|interface ?\{\})|byte\[\d{0,2}\]|string\(\d{1,3}\)|(?:(?:de|à|a|da|van|z|из|mit) )?\d{1,2} (?:digits?|characters?|d[ií]gitos|chiffres|ziffern|cifre|cijfers|cyfr|haneli|цифр)|（(?![0-9A-Fa-f]{3,32}）)[^（）]{1,16}）|数|ブロック|블록|コード|番号|코드|번호|[码號号碼]|密文|(?:${WORDS})(?![A-Za-z0-9_]))`,
    String.raw`(?<failed>(?:check |validation |verification )?(?:failed|failure|mismatch|error|compare)[:,]?(?=[ \t]{1,2}(?:expected|received|actual|got|in|want)(?![A-Za-z])))`,
    String.raw`(?<args>\([^()\r\n]{1,160}\)(?=[ \t]{0,3}(?:=|->|→|returned|returns|:)[ \t]))`,
    // Pieces of a string that a program puts together, and the hole of a message with what fills it.
    String.raw`(?<plus>(?:\+|(?<=["'][ \t]{0,2})(?:&|\.{1,2}|\|\||%|<<))(?=[ \t]{0,2}(?:["']|\d)))`,
    String.raw`(?<hole>(?:%-?\d{0,2}[sdivx@]|\{\d?\})(?=["'][ \t]{0,2}[,%)]))`,
    String.raw`(?<body>\(\)[ \t]{0,3}(?::[ \t]{0,2}[A-Za-z]\w{0,20}[ \t]{0,2})?(?:\{|=|->|:)\s{0,12}(?:return(?![A-Za-z])[ \t]{0,2})?)`,
    String.raw`(?<colour>\[\d{1,2}(?:;\d{1,2}){0,3}m)`,
    String.raw`(?<call>(?:(?:\)?\.[A-Za-z]\w{1,24}(?:\(\))?){1,3}\((?:[A-Za-z]\w{1,24}\()?|\)?\.(?:to|not_to)[ \t](?:eq|eql|be|match)[ \t(])[ \t]{0,2}(?=\\{0,6}["'${'`'}]?[0-9A-F]))`,
    String.raw`(?<assign>=>|->|~>|→|:=|!==?|≠|<>|={1,3}>?|:{1,2}|：|＝|%3[DdAa]|(?:should|must)(?:[ \t](?:be|equal))?(?=[ \t]))`,
    String.raw`(?<note>\[[1-9]\](?=[ \t]|["']?\d{3})|\([^()\r\n]{1,24}\)(?=[ \t]{0,4}[:=\[(-]|[ \t]{1,4}[0-9A-F]{16})|\[[^\]\r\n]{1,12}\](?=[ \t]{0,4}[:=\[]|[ \t]{1,4}[0-9A-F]{16})|[{<]\d{1,2}[>}](?=[ \t]{0,4}[:=]))`,
    String.raw`(?<length>(?:(?:L{1,3}|len[ =:]{0,2})\d{1,3}|\(?0{1,2}(?:[3-9]|1[0-6]|32)\)?)(?=[ \t]{1,4}["']?[0-9A-F]))`,
    String.raw`(?<open><Buffer(?= [0-9a-f]{2} )|[A-Z][A-Za-z]{2,20}\(|[\[({]|<<|<(?=[0-9A-Fa-f]{3,32}>)|【|（|「|『|《|〈|“)`,
    String.raw`(?<quote>[?@]?\\{0,7}["'${'`'}]|\/[gi]{0,2}(?=\))|[$%](?=[ \t]{0,3}=|\{)|[*_]{1,2}|”|»|«)`,
    String.raw`(?<close>[\])}】）」』》〉])`,
    '(?<comma>,|，)',
    String.raw`(?<cell>\|\|?|[│┃║¦]|\t)`,
    String.raw`(?<leader>—|[–－·•›►\u2190-\u21ff\u2700-\u27bf](?=[ \t])|[\ud83c-\ud83e][\udc00-\udfff](?=[ \t])|\.{2,60}|_{3,60}|-{2,60}|\.(?=[ \t]))`,
    String.raw`(?<synonym>\/[ \t]?(?:cv[vcn]2?|cid|csc|4dbc)(?![a-z0-9]))`,
    String.raw`(?<sign>[\^~;#/|-])`,
  ].join('|'),
  'iy',
);

/** What says that a value follows. */
export const TELLING =
  'sized particle packed call made plus hole args colour failed input assign open tag pair sole typed length asked body'.split(' ');
