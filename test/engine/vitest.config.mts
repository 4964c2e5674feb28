import { defineConfig } from 'vitest/config';

// Needs a running engine: `.ci/docker-engine debian && eval "$(.ci/docker-engine env)"`; STORE=containerd for the other image store.
export default defineConfig({
  test: {
    include: ['test/engine/**/*.test.ts'],
    globalSetup: ['test/engine/need-engine.ts'],
    testTimeout: 240_000,
    pool: 'threads',
    // One engine, two cores: side by side nothing would be faster, and BuildKit keeps only the last fifty builds.
    fileParallelism: false,
  },
});
