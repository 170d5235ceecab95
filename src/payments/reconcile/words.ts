/** What a word of a file means; undefined: nobody explained it, not even a table that inherits a `constructor`. */
export function meaningOf<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
