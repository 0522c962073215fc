#!/usr/bin/env node
import { runCli } from './run.ts';
import { connect } from './streams.ts';

const { io, exitCode } = connect(process, () => {
  process.exitCode = exitCode(0);
});

runCli(process.argv.slice(2), io).then((code) => {
  process.exitCode = exitCode(code);
});
