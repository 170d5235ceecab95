/** The names that a log has after it was rotated. Pure. */

export const COMPRESSED = /\.(gz|zst|xz|bz2)$/;

/** `app.log.1`, `app.log.old`, `app.log-20261128.zst`, `app.2026-11-28.0.log.gz` of `app.log`: a number or a date at the end or before the extension. */
export function isRotated(other: string, log: string): boolean {
  const plain = other.replace(COMPRESSED, '');
  if (other === log) return false;
  if (plain.startsWith(log)) return /^(\.old|[.-]\d[\dT_.:-]*)$/.test(plain.slice(log.length));
  const dot = log.lastIndexOf('.');
  if (dot <= log.lastIndexOf('/') + 1) return false;
  const [stem, extension] = [log.slice(0, dot), log.slice(dot)];
  if (!plain.startsWith(stem) || !plain.endsWith(extension)) return false;
  return /^[.-]\d[\dT_.:-]*$/.test(plain.slice(stem.length, -extension.length));
}
