import { defineConfig } from 'vitest/config';

// Everything that needs neither an engine nor an editor. test/engine and test/e2e have runners of their own.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/engine/**', 'test/e2e/**', 'node_modules/**'],
    testTimeout: 60_000,
    pool: 'threads',
  },
});
