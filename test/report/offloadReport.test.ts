import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { offload } from '../../src/plan/offload/offload.ts';
import { csvTable } from '../../src/report/csvTable.ts';
import { offloadReport } from '../../src/report/offloadReport.ts';
import { offloadRawTable } from '../../src/report/offloadTable.ts';
import { renderMarkdown, renderText } from '../../src/report/renderReport.ts';

const catalog = loadCatalog();
const answer = offload({ engine: 'llama.cpp', gpu: ['rtx-4090:2', 'l40s:4'], ramBytes: 400e9, model: 'kimi-k2.6', terms: true }, catalog);

describe('the report of an offload answer', () => {
  const text = renderText(offloadReport(answer), { width: 150 });

  it('says the answer first, then a table for each host, and that no speed is known', () => {
    expect(text.startsWith('Kimi K2.6 at 32k tokens with llama.cpp: ud-q2_k_xl fits on 2 × RTX 4090')).toBe(true);
    expect(text).toContain('On 2 × RTX 4090 with 400 GB of RAM');
    expect(text).toContain('On 4 × L40S with 400 GB of RAM');
    expect(text).toMatch(/ud-q2_k_xl\s+fits\s+340 .* nothing measured/);
    expect(text).toMatch(/Speed\n {2}• Nothing is measured on this host: .*no model\./s);
  });

  it('puts what binds below a file that does not fit, and what would help in a list', () => {
    expect(text).toMatch(/ud-q8_k_xl\s+does not fit[\s\S]*of RAM are needed with the experts of \d+ of 60 layers on the GPUs/);
    expect(text).toMatch(/What would help\n(.*\n)*? {2}• ud-q8_k_xl on RTX 4090: (\d+) GB of RAM: it fits \(--ram \2GB\)\./);
  });

  it('prints the options of the engine', () => {
    expect(text).toMatch(/• ud-q2_k_xl on RTX 4090: --n-gpu-layers 999 --n-cpu-moe \d+ --ctx-size 32768/);
  });

  it('lists terms where asked', () => {
    expect(text).not.toContain('Terms of');
    expect(renderMarkdown(offloadReport(answer, { terms: true }))).toContain('### Terms of llama.cpp/l40s/4/ud-q2\\_k\\_xl');
  });

  it('is one CSV row for each host and file', () => {
    const lines = csvTable(offloadRawTable(answer), answer.schema).trim().split('\n');
    expect(lines.filter((line) => line.includes('llama.cpp/'))).toHaveLength(answer.results.length);
  });
});
