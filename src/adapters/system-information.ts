/** The door of systeminformation: loaded on first use; a CommonJS package needs a file of its own to keep its names in the bundle. */
export { battery, cpu, diskLayout, mem, memLayout, system } from 'systeminformation';
