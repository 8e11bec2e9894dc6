import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/setup.ts'],
    testTimeout: 90_000,
    hookTimeout: 180_000,
    // One browser and one editor at a time: the smallest machine has two cores.
    fileParallelism: false,
  },
})
