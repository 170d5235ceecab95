/** Masks, references and variables stand for a secret and hold none. */
const STAND_IN =
  /^(?:\d{6}\*{6}\d{4}(?:[=D]\d{0,4}\*+)?|[*•.x?#_-]+|0{16,}|f{16,}|[a-z]{2,6}[_-][x_-]{8,}|(?:[a-z]{2,8}[_-]){1,3}(?:x{3,}|\.{2,})|\{[\w .-]{0,60}\}|![a-z]\w{1,20}|[~^]?\d{1,4}(?:\.\d{1,6}){2}|https?:\/\/[^@\s]*|\[[^\]]{0,60}\]|<[^<>]{0,60}>|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z0-9_]*|\{\{[^}]*\}\}|%[A-Za-z_]*%?|(?:env|file|vault|secret|ref|arn):\S*|null|none|nil|undefined|true|false)$/i;
/** What is sealed (SOPS, hiera-eyaml), a function of a template, a pattern, a piece of a string that a program puts together. */
const BEGINNING_OF_ONE = /^(?:ENC\[|!(?:Not|Equals|If|Ref|Sub|GetAtt|Join|Select|FindInMap|ImportValue|And|Or)\b|\.\*|["'][ \t]?[+.][ \t])/;
/** Other people's masks in words, and those of Ansible. */
export const MASKED =
  /^(?:[_*<([{#.-]{0,8}(?:redacted|removed|hidden|masked|filtered|sensitive|censored|scrubbed|obfuscated|omitted|suppressed)(?:[ _](?:value|data))?[\]_*>)}#.-]{0,8}|value_specified_in_no_log_parameter|not_logging_(?:password|parameter))$/i;
/** Digests, addresses in memory, versions of protocols, algorithms, processors, holes of a manual and classes by their names. */
const NAMED_ELSEWHERE =
  /^(?:(?:hmac-)?sha\d{1,3}:[0-9a-f]{32,128}|0x(?:f{4})?[0-9a-f]{1,12}|HTTP\/\d(?:\.\d)?|(?:scram-)?sha-?(?:1|224|256|384|512)(?:-plus)?|md5|bcrypt|scrypt|yescrypt|argon2(?:id?)?|pbkdf2(?:-sha\d{1,3})?|(?:caching_sha2|mysql_native|sha256)_password|amd64|arm64|i386|armhf|x86_64|aarch64|noarch|FILE|PATH|PASS|PASSWORD|STRING|NAME|VALUE|(?:[a-z]\w{0,30}\.){2,8}[A-Z][\w$]{1,80})$/;
/** What logs say *about* a secret. */
const REMARK =
  /^(?:yes|no|on|off|ok|set|unset|empty|missing|required|optional|invalid|valid|expired|incorrect|correct|wrong|failed|failure|failing|error|denied|accepted|rejected|refreshed|refreshing|revoked|renewed|rotated|changed|change|updated|mismatch|mismatched|unknown|default|disabled|enabled|hidden|redacted|masked|filtered|removed|bearer|basic|string|not|is|was|and|for|authentication|authenticated|verified|verification|validated|created|issued|received|found|used|using|reset|prompt|never|always|too|must|should|cannot|could|has|will|new|await|chauthtok\):?)$/i;
/** With which a sentence goes on behind the name of an option: `these cause requirepass to be ignored`. */
const GOES_ON =
  /^(?:to|but|are|also|be|or|options?|setting|would|may|can|then|this|that|which|when|if|in|of|with|from|by|as|it|have|been|because|multiple|instead|does|do|until|after|before|without|cannot|itself|unless|given)[.,;:]?$/;
/** `Your password is incorrect. Please try again.`, `password updated successfully`: what is told of a secret in three words or more. */
const SENTENCE = /^[A-Za-z][A-Za-z',;:()/-]{0,24}(?:[ \t]{1,2}[A-Za-z][A-Za-z',;:.!?()/-]{0,24}){2,30}$/;
const OF_A_SECRET = /\b(?:passwords?|passphrase|tokens?|credentials?|secrets?|keys?)\b/i;
const TELLS =
  /\b(?:is|are|was|must|cannot|can|not|incorrect|invalid|successfully|required|please|provide|enter|updated|changed|expired|for)\b/i;

export function standsIn(value: string): boolean {
  return STAND_IN.test(value) || MASKED.test(value) || BEGINNING_OF_ONE.test(value);
}

export function isRemark(value: string): boolean {
  return (
    NAMED_ELSEWHERE.test(value) ||
    REMARK.test(value) ||
    GOES_ON.test(value) ||
    (SENTENCE.test(value) && OF_A_SECRET.test(value) && TELLS.test(value))
  );
}

/** `CHANGE_PASSWORD = 'changePassword'`: a constant that holds its own name. */
export function repeatsName(name: string, value: string): boolean {
  return /^[a-z]+(?:[A-Z][a-z]+)+$/.test(value) && name.replace(/[_.-]/g, '').toLowerCase().endsWith(value.toLowerCase());
}
