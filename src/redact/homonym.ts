import type { KeyKind } from './key.ts';
import type { Place } from './walk.ts';

/** Pins of chips and boards, post offices and service centres have numbers, too. */
export function isHomonym(text: string, key: Place, kind: KeyKind): boolean {
  if (kind === 'cvv') return /^csc$/i.test(text.slice(key.start, key.end)) && SERVICE.test(text.slice(key.end, key.end + 60));
  if (kind !== 'pin') return false;
  const ahead = text.slice(Math.max(0, key.start - 32), key.end);
  if (/^pin[ _-]?code$/i.test(text.slice(key.start, key.end)) && ADDRESS.test(text.slice(Math.max(0, key.start - 80), key.end + 80)))
    return true;
  return MACHINE.test(ahead) || BOARD.test(text.slice(key.end, key.end + 32));
}

/** A CSC in India is a common service centre, a PIN code that of its post office. */
const SERVICE = /^[^\n]{0,40}(?:service|cent(?:re|er))/i;
const ADDRESS =
  /(?:city|district|address|street|postal|locality|taluk|pincode)["']?[^\n]{0,60}$|\d{6}["']?,? ?"?(?:city|district|state|country|[A-Z][a-z]{3,})/;
const BOARD = /^[^\n]{0,24}gpio/i;

const MACHINE = /(?:gpio\w{0,8}|pinctrl|pinmux|soc|chip|board|connector|cpu|thread|mcu)[^\n]{0,16}$/i;
