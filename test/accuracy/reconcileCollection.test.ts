import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reconcile } from '../../src/accuracy/reconcile/reconcile.ts';
import { readStartupLog } from '../../src/importers/startupLog/readStartupLog.ts';
import { catalog } from './reconcileLogs.ts';

/** Real logs of public repositories; they are not part of the repository. */
const LOGS = fileURLToPath(new URL('../../../shared/logs/', import.meta.url));

/** Logs that do not name their model or GPU, with what the collection's notes say of them. */
const ASKED: Readonly<Record<string, { readonly gpu?: string; readonly model?: string }>> = {
  'vllm-0.8.5-r1-distill-14b.log': { model: 'deepseek-r1-distill-qwen-14b' },
  'vllm-0.11.2-llama3-8b-h200.log': { gpu: 'h200-sxm' },
  'sglang-0.5.8-kimi-k2.5-mi355x-tp8.log': { gpu: 'mi355x' },
};

describe.skipIf(!existsSync(LOGS))('kplan against real logs', () => {
  const files = existsSync(LOGS) ? readdirSync(LOGS).filter((name) => name.endsWith('.log')) : [];

  it.each(files)('%s', async (file) => {
    const { gpu, model } = ASKED[file] ?? {};
    const find = <T extends { readonly id: string }>(entries: readonly T[], id?: string) => entries.find((entry) => entry.id === id);
    const [askedGpu, askedModel] = [find(catalog.gpus, gpu), find(catalog.models, model)];
    const log = await readStartupLog(createReadStream(LOGS + file), file);
    const { reconciliation } = reconcile(log, catalog, {
      ...(askedGpu ? { gpu: askedGpu } : {}),
      ...(askedModel ? { model: askedModel } : {}),
    });
    const outside = reconciliation.lines.filter(({ within }) => within === false).map(({ id }) => id);
    expect(outside).toEqual([]);
    for (const line of reconciliation.lines) {
      expect(line.explanation, line.id).not.toBe('');
      if (line.predicted === null) expect(line.line, line.id).toBeGreaterThan(0);
    }
    expect(reconciliation.verdict.agrees).not.toBe(false);
    expect(reconciliation.unread).toEqual([]);
  });
});
