/** The door of mysql2: loaded on first use; a CommonJS package needs a file of its own to keep its names in the bundle. */
export { createConnection } from 'mysql2';
