/** What may stand between a command and its option; a backslash carries it on to the next line. */
const ARGUMENTS = String.raw`(?:[^\n\\]|\\[^]){0,500}?`;
const WORD = String.raw`(?:["']?(?:[ =,]|\\\n)){0,8}["']?([^\s"']{3,128})`;
/** `user:password`; with either in quotes, or both, or nothing before the colon, or nothing behind it. */
const PAIR = String.raw`(?:[ \t=]|\\\r?\n){0,12}(?:(["'])[^:"'\n]{0,64}:([^"'\n]{1,128})(?=\1)|["']?(?!<)[^\s:"']{0,64}["']?:["']?([^\s"']{1,128})|["']([^\s:"']{8,128})(?=:["']))`;

/** `-p` of programs that have a password there, as a pattern that begins where the program's name does. */
function optionOf(program: string, option: string, value = WORD, flags = 'iy'): RegExp {
  return new RegExp(String.raw`(?<![A-Za-z0-9_])${program}\b${ARGUMENTS}[\s"']${option}${value}`, flags);
}

/** By the first four letters of a word (or more; `␣` stands for a blank), from where the pattern is tried. The last group is what goes. */
export const COMMAND_PLACES: readonly (readonly [words: string, pattern: RegExp])[] = [
  ['curl', optionOf('curl', '(?:-u|--user|-U|--proxy-user)(?![a-zA-Z-])', PAIR)],
  ['wget', /wget\b[^\n]{0,400}?\s--(?:http-|ftp-|proxy-)?password[ =]["']?([^\s"']{1,128})/y],
  ['mysq mari', /(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb(?:-\w+)?)\b[^\n]{0,400}?[\s"']-p(?!\s|["'][\s,])["']?([^\s"']{3,128})/y],
  ['mysq', /mysqladmin\b[^\n]{0,200}?\spassword\s+["']?([^\s"']{3,128})/y],
  ['sshp', /sshpass\s+-p\s?["']?([^\s"']{1,128})/y],
  ['redi', optionOf('redis-cli', '(?:-a|--pass)')],
  ['dock podm buil skop nerd', optionOf(String.raw`(?:docker|podman|buildah|skopeo|nerdctl)\s+login`, '-p')],
  ['helm cqls twin', optionOf('(?:helm|cqlsh|twine)', '(?:-p|--password)(?![a-z-])')],
  ['mong', /mongo(?:sh|dump|restore)?\b[^\n]{0,400}?\s-p\s?["']?([^\s"'-][^\s"']{2,127})/y],
  ['ldap', /ldap(?:search|modify|add|delete|passwd|whoami)\b[^\n]{0,400}?\s-w\s?["']?([^\s"']{1,128})/y],
  ['pass', /(?<![\w])pass:([^\s"']{1,128})/y],
  ['pass', /(?<=\s-(?:store|key|src|dest|deststore|srcstore))pass\s+["']?([^\s"']{3,128})/y],
  ['psex winr wmic', optionOf('(?:psexec(?:64)?(?:\\.exe)?|winrs|wmic)', '(?:-p|/password:)')],
  ['sqlc osql isql mssq', optionOf('(?:sqlcmd|osql|isql|mssql-cli)', '-P', WORD, 'y')],
  ['snmp', optionOf('snmp(?:get|set|walk|getnext|bulkget|bulkwalk|table|inform|trap|status|delta)', '-[cAX]', WORD, 'y')],
  ['ipmi', optionOf('ipmitool', '-P', WORD, 'y')],
  ['smbc smbm rpcc wine', /(?:smbclient|smbmap|rpcclient|winexe)\b[^\n]{0,300}?\s-U\s?["']?[^\s%"']{1,64}%([^\s"']{1,128})/y],
  ['free', /freerdp\b[^\n]{0,300}?\s\/p:["']?([^\s"']{1,128})/y],
  ['lftp', /lftp\b[^\n]{0,200}?\s-u\s?["']?[^\s,"']{1,64},([^\s"']{1,128})/y],
  ['net␣', /(?<![\w.])net\s+use\s[^\n]{0,120}?\s\/user:\S{1,64}\s+(?!\/)([^\s"'/]{3,128})/iy],
  ['net␣', /(?<![\w.])net\s+user\s+[^\s/]{1,64}\s+(?![/*])([^\s"']{3,128})\s+\/(?:add|domain|active)/iy],
  ['cmdk scht', /(?:cmdkey|schtasks)\b[^\n]{0,300}?\s\/(?:pass:|rp\s+)["']?([^\s"']{3,128})/iy],
  ['echo', /echo\s+(?:-\w\s+)?["']?[^\s:"'|]{1,64}:([^\s"'|]{1,128})["']?\s*\|\s*(?:sudo\s+)?chpasswd/y],
  ['echo', /echo\s+(?:-\w\s+)?["']?([^\s"'|]{3,128})["']?\s*\|\s*(?:sudo\s+-S|(?:sudo\s+)?passwd\s+--stdin)/y],
  ['htpa', /htpasswd\s+(?=(?:-\w{1,6}\s+){0,4}-\w{0,5}b)(?:-\w{1,6}\s+){1,5}[^\s]{1,200}\s+\S{1,64}\s+["']?([^\s"']{1,128})/y],
  ['rabb', /rabbitmqctl\b[^\n]{0,80}?\s(?:add_user|change_password)\s+\S{1,64}\s+["']?([^\s"']{1,128})/y],
  ['vaul', /vault\s+login\s+(?:-\S{1,40}\s+){0,4}["']?([^\s"'=-][^\s"'=]{7,256})/y],
  ['conf', /(?<=\baws\s{1,4})configure\s+set\s+[\w.]{0,64}(?:secret|session|access_key)\w{0,24}\s+["']?([^\s"']{16,2048})/y],
  ['secu', /(?<=ConvertTo-)SecureString\s+(?:-String\s+|-AsPlainText\s+|-Force\s+){0,3}["']([^"'\n]{3,128})/iy],
  ['7z␣a 7z␣x 7z␣e 7z␣u', /(?<![\w.])7z [a-z]\s[^\n]{0,300}?-p["']?([^\s"']{3,128})/y],
  ['zip␣', optionOf('(?:un)?zip', '-P', WORD, 'y')],
  ['wpa_', /wpa_passphrase\s+(?:"[^"\n]{1,64}"|'[^'\n]{1,64}'|[^\s"'|<>]{1,64})\s+["']?([^\s"'|<>][^"'\n|<>]{7,62})/y],
  ['nssl', /(?<=ope)nssl\s+enc\b[^\n]{0,300}?\s-[Kk]\s+["']?([^\s"']{3,256})/y],
  ['logi', /login"[^\n]{0,160}?"params"\s{0,2}:\s{0,2}\[\s{0,2}"[^"\n]{0,128}"\s{0,2},\s{0,2}"([^"\n]{1,256})"/y],
  ['net␣', /(?<![\w.])net\s+use\s+(?:\S:\s+)?\\\\\S{1,128}\s+(?![/*])([^\s"']{3,128})\s+\/user:/iy],
  ['pass', /passw(?:or)?d(?:-stdin)?[^\n<]{0,40}<<<\s?["']([^"'\n]{1,256})/y],
  ['pass', /password to proceed to installation:\s{1,16}([0-9a-f]{32})(?![0-9a-f])/y],
  ['key␣', /(?<=unseal )key(?: \d{1,2})?:?[ \t]{1,4}([A-Za-z0-9+/]{40,64}={0,2})(?![A-Za-z0-9+/])/iy],
  [
    'auth',
    /(?<![A-Za-z])auth["']?\s{0,2}[=:]\s{0,2}[([]\s{0,2}["'][^"'\n]{0,128}["']\s{0,2},\s{0,2}["'](?=[^"'\n]{0,255}\d)([^"'\n]{6,256})/y,
  ],
  ['auth', /(?=AUTH )(?<=(?:^|\n|> ?)[ \t]{0,4})AUTH (?:\S{1,64} )?(?=\S{0,255}\d)([^\s"'=]{6,256})(?=\r?\n|$)/y],
  // Signed addresses and requests: whoever has the signature may do what was signed.
  ['sign', /(?=Signature=)(?<=[&?]X-(?:Amz|Goog|Oss|Tos)-)Signature=([0-9A-Za-z%+/=]{32,512})/iy],
  ['sign', /(?=Signature=)(?<=[&?](?:q-)?)Signature=([0-9A-Za-z%+/=~_-]{28,512})(?![\w%])/iy],
  ['sign', /(?=Signature=)(?<=SignedHeaders=[\w;.-]{1,300}, ?)Signature=([0-9a-f]{64})/y],
  ['shar', /SharedAccessSignature=([^\s;"']{16,512})/y],
  ['shar', /SharedAccessSignature[ =](?:sr=[^\s"']{1,200}&)?sig=([^\s&"']{20,128})/y],
  ['sig=', /(?<=[?&;])sig=([A-Za-z0-9%+/]{40,64}={0,2})/y],
  // Lines of configuration files and of protocols in which a secret has its place, and no sign of equality before it.
  ['comm', /(?<=\b(?:r[ow]|snmp-server |trap))community6?\s+["']?([^\s"']{3,128})/y],
  ['com2', /com2sec6?\s+\S{1,64}\s+\S{1,64}\s+["']?([^\s"']{3,128})/y],
  [
    'pass secr key md5',
    /(?<![\w])(?:password|secret|key|key-string|pre-shared-key|md5) (?:0 (?=\S{0,40}\d)|5 (?=\$)|[67] (?=[0-9A-F]{6})|[89] (?=\$))([^\s"']{4,200})/y,
  ],
  ['secr pass', /(?<=(?:^|\n)[ \t]{0,8}enable )(?:secret|password) (?!\d )([^\s"']{4,128})(?=[ \t\r]*(?:\n|$))/y],
  ['taca radi', /(?:tacacs|radius)-server (?:host \S{1,64} )?key ([^\s"']{4,128})/y],
  ['otpw', /(?<=(?:^|\n)[ \t]{0,8}ro)otpw[ \t]{1,8}(?:--(?:plaintext|iscrypted)[ \t]{1,4})?["']?([^\s"']{3,256})/y],
  ['key␣', /(?<=pre-shared-key address \S{1,64} (?:\S{1,64} )?|isakmp )key (?:[06] )?([^\s"']{3,128})/y],
  ['psk=', /(?<![A-Za-z])psk=(?:"([^"\n]{8,63})"|([0-9a-f]{64})(?![0-9a-f]))/y],
  ['psk␣', /(?<=:[ \t]{1,4})PSK[ \t]{1,4}["']([^"'\n]{1,256})/y],
  ['pass', /(?<=sasl_)password_maps\s{0,4}=\s{0,4}static:[^\s:]{1,128}:([^\s"']{1,128})/y],
  ['n␣>', /(?<=\b(?:user|setuser) [^\s]{1,64} o)n >(\S{1,256})/iy],
  // In a trace of PHP, which cuts words at fifteen characters.
  ['(arr', /(?<=->(?:connect|__construct))\(Array, '[^'\n]{0,200}', '([^'\n]{1,200})'/y],
  // `-u pay -p x` of any program: a name, and at once a password. A port, an address, a path, and the database of MySQL stand there, too.
  [
    '␣-p␣',
    /(?<!(?:mysql|mariadb)[^\n]{0,200})(?<=\s-(?:u|U|l|-user(?:name)?)[ =]["']?[A-Za-z_][^\s"']{0,63}["']?) -p ["']?(?![\d.:/-]{1,40}(?:[\s"']|$)|[/.~-])([^\s"'`]{3,128})/y,
  ],
  [']:25 ]:465 ]:587', /(?<=(?:^|\n)\[[\w.-]{1,128})\]:\d{2,4}[ \t]{1,8}[^\s:]{1,128}:(\S{1,128})/y],
  ['pass', /(?<=\binsecure-)password\s+["']?([^\s"']{1,128})/y],
  ['auth', /(?<=\bstats )auth [^\s:]{1,64}:([^\s"']{1,128})/y],
  ['auth', /(?<=")auth" (?:"[^"\n]{1,64}" )?"([^"\n]{3,256})"/iy],
  ['auth', /AUTH PLAIN ([A-Za-z0-9+/]{8,512}={0,2})/y],
  ['5432 6432', /(?<=(?:^|\n)[\w.*-]{1,128}:)[56]432:[\w.*-]{1,64}:[\w.*-]{1,64}:([^\s:]{1,128})(?=\r?\n|$)/y],
  [':*:', /(?<=(?:^|\n)(?:\*|[\w.-]{1,128})):\*:[\w.*-]{1,64}:[\w.-]{1,64}:([^\s:]{1,128})(?=\r?\n|$)/y],
];
