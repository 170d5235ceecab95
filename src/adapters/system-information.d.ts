import type { HardwareInventory } from '../ports.ts';

/** URL of the file that holds `readMachine`. */
export const location: string;
export function readMachine(): Promise<HardwareInventory>;
