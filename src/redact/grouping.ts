/** How cards print and people type their numbers. Other groupings in a line of numbers are chance. */
export const GROUPINGS: ReadonlySet<string> = new Set(
  [
    '4-4-4-4 4-4-4-4-1 4-4-4-4-2 4-4-4-4-3 4-4-4-7 4-4-4-1 4-4-4-2 4-4-4-3',
    '4-6-5 4-6-4 4-5-6 4-5-5 4-4-5 5-4-4 5-5-5 5-5-6 6-4-6 6-6-4 6-6-6 6-6-7 6-4-4-4',
    '8-8 8-11 8-5 6-9 6-10 6-12 6-13 4-9 4-10 4-11 4-15',
  ].flatMap((line) => line.split(' ')),
);
