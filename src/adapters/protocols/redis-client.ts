/** The door of ioredis: loaded on first use; a CommonJS package needs a file of its own to keep its names in the bundle. */
export { AbstractConnector, Redis } from 'ioredis';
