#!/usr/bin/env node
import { runCli } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const run = runCli(process.argv.slice(2), {
  write: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  width: process.stdout.columns ?? 120,
  color: process.stdout.isTTY === true && !process.env['NO_COLOR'],
});

run.then((code) => {
  process.exitCode = code;
});
