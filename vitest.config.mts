import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{core,host,lsp,cli,client,repo}/**/*.test.ts'],
    testTimeout: 180_000,
    // Two cores on the smallest machine that runs this; tests of the server start processes of their own.
    maxWorkers: 2,
  },
})
