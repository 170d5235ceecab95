/** The door of pg: loaded on first use; a CommonJS package needs a file of its own to keep its names in the bundle. */
export { Client } from 'pg';
