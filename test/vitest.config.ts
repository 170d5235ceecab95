import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real sockets and processes on a loaded machine: a limit is there to end a hang, not to measure speed.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    globalSetup: ['test/proofs.ts'],
    setupFiles: ['test/property-seed.ts'],
    env: { NODE_EXTRA_CA_CERTS: '' },
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reportsDirectory: 'coverage' },
  },
});
