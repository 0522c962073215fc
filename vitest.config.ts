import { defineConfig } from 'vitest/config';

const source = (file: string) => new URL(`src/${file}`, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^kplan$/, replacement: source('index.ts') },
      { find: /^kplan\/catalog$/, replacement: source('catalog/index.ts') },
    ],
  },
  test: {
    projects: [
      { extends: true, test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: ['test/spreadsheet/**'] } },
      { extends: true, test: { name: 'spreadsheet', include: ['test/spreadsheet/**/*.test.ts'] } },
    ],
    globalSetup: ['test/catalog/compiledData.ts'],
    testTimeout: 60_000,
    maxWorkers: '100%',
    allowOnly: false,
  },
});
