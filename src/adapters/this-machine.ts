/** What looks at this machine, as one file: each file costs a start-up its loading. */
export { createLocalHost } from './local-host.ts';
export { createProtocols } from './protocols/index.ts';
export { createSecrets, revealAll } from './secrets.ts';
