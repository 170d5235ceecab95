/** What every command needs of the world, as one file: each file costs a start-up its loading. */
export { createClock } from './clock.ts';
export { createRandom } from './random.ts';
export { isForeign, readFolder, readTextFile } from './text-files.ts';
export { createTimeLimit } from './time-limit.ts';
