/** A score of 0 to 1 as it is read: in a line of a terminal or a message, and in a document. */
export function percent(score: number): string {
  return `${Math.round(score * 100)}%`;
}

export function spacedPercent(score: number): string {
  return `${Math.round(score * 100)} %`;
}
