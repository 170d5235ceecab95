import { Chalk } from 'chalk';

/** Colour of the result; meaning never rests on it alone. */
export function createPainter(): (style: 'good' | 'bad' | 'warn' | 'dim' | 'strong', text: string) => string {
  const chalk = new Chalk({ level: 1 });
  const styles = { good: chalk.green, bad: chalk.red, warn: chalk.yellow, dim: chalk.dim, strong: chalk.bold };
  return (style, text) => styles[style](text);
}
