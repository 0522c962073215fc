import { describe, expect, it } from 'vitest';
import { cliRun } from '../support/cliRun.ts';

describe('kplan data workloads', () => {
  it('says lengths, burstiness, the day and users in flight', async () => {
    const { code, stdout, stderr } = await cliRun(['data', 'workloads']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/agentic-coding-claude .* 0\.23\n +Lengths: 60 cells of 23,227 to 229,510 input and/);
    expect(stdout).toMatch(/agentic-coding-cline-k26 .*\n +Lengths: means alone\. Not your traffic/);
    expect(stdout).toContain('1.02 (1 to 5.56)');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Day: hour 12 has 0.45 of the mean rate, hour 22 has 2.19. Not your traffic');
  });

  it('has the CV as three columns of CSV', async () => {
    const { stdout } = await cliRun(['data', 'workloads', '--csv']);
    expect(stdout.split('\r\n')[0]).toContain(',CV of gapsLow,CV of gaps,CV of gapsHigh,in flight per user,lengths,day,note');
    expect(stdout).toContain(',16,1,1.02,5.56,,');
  });
});
