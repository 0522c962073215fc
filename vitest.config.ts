import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], globalSetup: ['test/catalog/compiledData.ts'], testTimeout: 30_000 },
});
