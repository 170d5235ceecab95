/** A line of JSON lines; undefined: it is no object. A number of an order has more digits than a double keeps: it becomes a text. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line.replace(LONG_NUMBER, '$1"$2"'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

const LONG_NUMBER = /("\s*:\s*)(\d{16,})(?=\s*[,}])/g;
