/** Whether what stands in `${{ }}` reads a secret of the profile. Linear in the length of the text, which anybody may have written. */

const OPEN = '${{';
const SECRETS = new Set(['credentials', 'passphrase', 'password', 'secret', 'token', 'private_key', 'api_key']);
const FROM = new Set(['target', 'profile']);
const OTHER_ROOTS = new Set(['checks', 'any', 'answers', 'inputs', 'vars', 'out', 'saved']);

export function readsSecret(text: string): boolean {
  return reads(text, (key) => SECRETS.has(key));
}

/** Of a database or cache it may be `{env: NAME}`, with a password behind it; that of the entry is known to everybody. */
export function readsAddress(text: string): boolean {
  return reads(text, (key, path) => key === 'url' && path[0] !== 'entry' && path[0] !== 'services');
}

/** A word, and whether it is a key of what stands before it: `.word` or `["word"`. */
const WORD = /(\.\s{0,9}|\[\s{0,9}["'])?([A-Za-z_]\w*)/g;

function reads(text: string, wanted: (key: string, path: readonly string[]) => boolean): boolean {
  const open = text.indexOf(OPEN);
  if (open < 0) return false;
  // That there is one may be asked.
  const expression = text.slice(open).replace(/\bhas\([^()]*\)/g, '');
  let path: string[] | undefined;
  for (const [, before, word = ''] of expression.matchAll(WORD)) {
    if (before === undefined && FROM.has(word)) path = [];
    else if (before === undefined && OTHER_ROOTS.has(word)) path = undefined;
    else if (before !== undefined && path) {
      if (wanted(word, path)) return true;
      if (path.length < 1) path.push(word);
    }
  }
  return false;
}
