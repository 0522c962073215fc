import { defineConfig } from 'vitest/config';

const source = (file: string) => new URL(`src/${file}`, import.meta.url).pathname;

const ISOLATED = 'test/**/*.isolated.test.ts';
const SPREADSHEET = 'test/spreadsheet/**/*.test.ts';
const BROWSER = 'test/browser/**/*.test.ts';
const HEAVY = 'test/**/*.heavy.test.ts';

export default defineConfig({
  resolve: {
    alias: [
      { find: /^kplan$/, replacement: source('index.ts') },
      { find: /^kplan\/catalog$/, replacement: source('catalog/index.ts') },
      { find: /^kplan\/notebook$/, replacement: source('notebook/index.ts') },
    ],
  },
  test: {
    projects: [
      // One module graph a worker; a file that replaces modules has a graph of its own.
      {
        extends: true,
        test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: [ISOLATED, SPREADSHEET, BROWSER, HEAVY], isolate: false },
      },
      { extends: true, test: { name: 'isolated', include: [ISOLATED] } },
      { extends: true, test: { name: 'spreadsheet', include: [SPREADSHEET] } },
      { extends: true, test: { name: 'browser', include: [BROWSER] } },
      { extends: true, test: { name: 'heavy', include: [HEAVY] } },
    ],
    globalSetup: ['test/catalog/compiledData.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
    allowOnly: false,
  },
});
