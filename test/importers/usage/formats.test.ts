import { describe, expect, it } from 'vitest';
import { AZURE, csv, imported } from './support.ts';

const LITELLM = 'request_id,call_type,api_key,spend,prompt_tokens,completion_tokens,startTime,endTime,model,metadata,messages,status';

describe('formats are known by their fields', () => {
  it('reads a trace of Azure with seven digits of a second', async () => {
    const document = await imported(AZURE);
    expect(document).toMatchObject({ totals: { requests: 3, uncached: 8098, output: 45 }, reuseFrom: 'none', paid: null });
    expect(document.inputTokens).toBeCloseTo(8098 / 3, 9);
    expect(document.period).toMatchObject({ from: '2023-11-16T18:17:03.979Z' });
    expect(document.period.seconds).toBeCloseTo(0.0520001, 6);
    expect(document.files).toEqual([{ name: 'file-1', format: 'Azure LLM inference trace', rows: 3 }]);
  });

  it('reads a trace of Mooncake with the reuse of its blocks', async () => {
    const lines = [
      { timestamp: 0, input_length: 1024, output_length: 50, hash_ids: [0, 1] },
      { timestamp: 3000, input_length: 1500, output_length: 70, hash_ids: [0, 1, 2] },
      { timestamp: 6000, input_length: 500, output_length: 60, hash_ids: [0] },
    ];
    const document = await imported(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(document).toMatchObject({ totals: { requests: 3, output: 180 }, reuseFrom: 'blocks', period: { from: null } });
    expect(document.reuse.value).toBeCloseTo((1024 + 500) / 3024, 12);
  });

  it('reads calls of coding sessions, as a table and as sessions', async () => {
    const table = await imported(
      csv(
        'trace_id,seq,is_subagent,t_s,model,input_tokens,output_tokens,cached_tokens_ideal,api_time_s,think_time_s,stop,input_types,output_types',
        '1,0,0,0.0,claude,1000,100,0,7.34,0.0,tool_use,text,text|thinking',
        '1,1,0,19.0,claude,1200,100,960,9.1,12.0,end_turn,text,text',
      ),
    );
    expect(table).toMatchObject({ totals: { uncached: 1240, cacheRead: 960 }, reuseFrom: 'counts', arrivals: null });
    const call = { t: 0, type: 'n', model: 'claude', in: 130, out: 9, hash_ids: [1, 2, 3], stop: '' };
    const session = (id: string) => JSON.stringify({ id, models: ['claude'], block_size: 64, requests: [call, { ...call, t: 5 }] });
    const sessions = await imported(`${session('a')}\n${session('b')}\n`);
    expect(sessions).toMatchObject({ rows: { used: 4 }, reuseFrom: 'blocks', arrivals: null });
    expect(sessions.reuse.value).toBeCloseTo(0.5, 12);
  });

  it('reads the usage export of OpenAI: cached inside, whole floats, empty days', async () => {
    const document = await imported(
      csv(
        'start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,input_tokens,output_tokens,input_cached_tokens,surprise',
        '1759276800,1759363200,2025-10-01T00:00:00Z,2025-10-02T00:00:00Z,p,10,gpt-5,59200.0,1000,9200,x',
        '1759363200,1759449600,2025-10-02T00:00:00Z,2025-10-03T00:00:00Z,,,,,,,',
        '1759449600,1759536000,2025-10-03T00:00:00Z,2025-10-04T00:00:00Z,p,30,gpt-5,60800,3000,0,x',
      ),
    );
    expect(document).toMatchObject({
      totals: { requests: 40, uncached: 110_800, cacheRead: 9200, output: 4000 },
      inputTokens: 3000,
      outputTokens: 100,
      lengths: [],
      rows: { read: 3, used: 2, empty: 1 },
      period: { seconds: 259_200 },
    });
    expect(document.arrivals?.requestsPerSecond).toBeCloseTo(40 / 259_200, 12);
    expect(document.notices.join()).toMatch(/ignored: surprise/);
  });

  it('reads reduced exports of OpenAI as tab-separated text', async () => {
    const text = 'start_time\tend_time\tnum_model_requests\tmodel\tinput_tokens\toutput_tokens\n1759276800\t1759363200\t2\tm\t10\t4\n';
    expect(await imported(text)).toMatchObject({ inputTokens: 5, outputTokens: 2, reuseFrom: 'none' });
  });

  it("reads Anthropic's console: disjoint inputs, no requests, hours from the gaps", async () => {
    const text = csv(
      'usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens',
      '2026-09-01 00:00,claude-x,secret-key,w,standard,≤ 200k,100,20,5,875,50',
      '2026-09-01 01:00,claude-x,secret-key,w,standard,≤ 200k,100,20,5,875,50',
    );
    const document = await imported(text);
    expect(document).toMatchObject({
      inputTokens: null,
      totals: { requests: null, uncached: 200, cacheWrite: 40, cacheWrite1h: 10, cacheRead: 1750, output: 100 },
      period: { seconds: 7200 },
    });
    expect(document.reuse.value).toBe(0.875);
    expect(document.notices.join('\n')).toMatch(/an? hour is taken from the gaps[\s\S]*--requests/);
    expect(JSON.stringify(document)).not.toContain('secret-key');
    expect(await imported(text, { requests: '10' })).toMatchObject({ inputTokens: 200, outputTokens: 10 });
  });

  it('reads spend logs of LiteLLM with the cached tokens of their metadata, and none of their texts', async () => {
    const metadata =
      '"{""usage_object"": {""prompt_tokens_details"": {""cached_tokens"": 60}, ""completion_tokens_details"": {""reasoning_tokens"": 4}}}"';
    const document = await imported(
      csv(
        LITELLM,
        `r1,acompletion,sk-hash,0.01,100,10,2026-01-01 10:00:00.5,2026-01-01 10:00:02,kimi,${metadata},"[{""content"":""my secret\nquestion""}]",success`,
        'r2,acompletion,sk-hash,0,50,0,2026-01-01 10:00:03,2026-01-01 10:00:04,kimi,{},[],failure',
      ),
    );
    expect(document).toMatchObject({
      totals: { requests: 1, uncached: 40, cacheRead: 60, output: 10, thinking: 4 },
      thinkingShare: 0.4,
      rows: { used: 1, failed: 1 },
      paid: { usd: 0.01, requests: 1 },
    });
    expect(JSON.stringify(document)).not.toMatch(/secret|sk-hash/);
    const row = {
      startTime: '2026-01-01T10:00:00Z',
      prompt_tokens: 100,
      completion_tokens: 10,
      spend: 0.5,
      metadata: { cache_read_input_tokens: 7 },
    };
    expect(await imported(JSON.stringify([row, row]))).toMatchObject({ totals: { requests: 2, cacheRead: 14 }, paid: { usd: 1 } });
  });

  it('reads daily tables of LiteLLM, cache writes inside or beside', async () => {
    const text = csv(
      'date,prompt_tokens,completion_tokens,cache_read_input_tokens,cache_creation_input_tokens,spend,api_requests,successful_requests,failed_requests',
      '2026-01-01,1000,50,600,100,2.5,10,9,1',
    );
    expect(await imported(text)).toMatchObject({ totals: { uncached: 300, cacheRead: 600, cacheWrite: 100 }, inputTokens: 100 });
    expect(await imported(text, { cacheWrites: 'beside' })).toMatchObject({ totals: { uncached: 400, cacheWrite: 100 }, inputTokens: 110 });
  });

  it('reads activity of OpenRouter: cancelled generations cost', async () => {
    const document = await imported(
      csv(
        'generation_id,created_at,cost_total,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,cancelled,user',
        'g1,2026-01-01T00:00:00Z,0.002,1000,100,40,800,moonshotai/kimi-k2.7,moonshot,false,jane',
        'g2,2026-01-01T00:00:10Z,0.001,500,100,10,100,moonshotai/kimi-k2.7,moonshot,true,jane',
      ),
    );
    expect(document).toMatchObject({
      totals: { uncached: 600, cacheRead: 900, output: 200, thinking: 50 },
      rows: { cancelled: 1, used: 2 },
      paid: { usd: 0.003 },
      models: [{ name: 'moonshotai/kimi-k2.7', requests: 2, inputTokens: 1500, outputTokens: 200 }],
    });
    expect(JSON.stringify(document)).not.toContain('jane');
    const day = {
      date: '2026-01-01',
      model: 'm',
      requests: 4,
      prompt_tokens: 400,
      completion_tokens: 40,
      reasoning_tokens: 10,
      usage: 1.25,
    };
    expect(await imported(JSON.stringify({ data: [day] }))).toMatchObject({ inputTokens: 100, thinkingShare: 0.25, paid: { usd: 1.25 } });
  });

  it('reads observations of Langfuse, whose usage is disjoint where it adds up to its total', async () => {
    const step = { id: 'a', type: 'SPAN', start_time: '2026-01-01T00:00:00Z', usage_details: {} };
    const usage = { input: 20, input_cache_read: 80, output: 6, output_reasoning: 4, total: 110 };
    const call = { ...step, id: 'b', type: 'GENERATION', usage_details: usage, total_cost: 0.1, input: 'private' };
    const document = await imported([step, call].map((row) => JSON.stringify(row)).join('\n'));
    expect(document).toMatchObject({ totals: { uncached: 20, cacheRead: 80, output: 10, thinking: 4 }, rows: { empty: 1, used: 1 } });
    expect(JSON.stringify(document)).not.toContain('private');
    const inside = { ...call, usage_details: '{"input":100,"input_cached_tokens":80,"output":10,"total":110}' };
    expect(await imported(JSON.stringify([inside]))).toMatchObject({ totals: { uncached: 20, cacheRead: 80, output: 10 } });
  });

  it('reads both shapes of ccusage, and sessions', async () => {
    const counts = { inputTokens: 10, outputTokens: 5, cacheCreationTokens: 20, cacheReadTokens: 70, totalTokens: 105 };
    const day = {
      date: '2026-01-01',
      ...counts,
      totalCost: 1.5,
      modelsUsed: ['claude-x'],
      modelBreakdowns: [{ modelName: 'claude-x', ...counts, cost: 1.5 }],
    };
    const expected = { totals: { uncached: 10, cacheWrite: 20, cacheRead: 70, output: 5 }, paid: { usd: 1.5 }, reuse: { value: 0.7 } };
    expect(await imported(JSON.stringify({ daily: [day], totals: counts }, null, 2))).toMatchObject({
      ...expected,
      models: [{ name: 'claude-x' }],
    });
    const { modelBreakdowns, totalCost, ...other } = day;
    expect(await imported(JSON.stringify({ type: 'daily', data: [{ ...other, costUSD: 1.5 }], summary: {} }))).toMatchObject(expected);
    const session = { sessionId: 's', projectPath: 'shop/jane', lastActivity: '2026-01-02', ...counts, totalCost: 1.5, modelsUsed: [] };
    const document = await imported(JSON.stringify({ sessions: [session] }));
    expect(document).toMatchObject(expected);
    expect(JSON.stringify(document)).not.toContain('jane');
  });

  it('reads the wire log of Kimi CLI among its other messages', async () => {
    const usage = { input_other: 30, output: 10, input_cache_read: 60, input_cache_creation: 10 };
    const lines = [
      { type: 'metadata', version: 1 },
      { timestamp: 1759276800.5, message: { type: 'StatusUpdate', payload: { token_usage: usage } } },
      { timestamp: 1759276801.5, message: { type: 'TextPart', payload: { text: 'private' } } },
      { timestamp: 1759276802.5, type: 'StatusUpdate', payload: { token_usage: usage } },
    ];
    const document = await imported(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(document).toMatchObject({
      totals: { requests: 2, uncached: 60, cacheRead: 120, cacheWrite: 20, output: 20 },
      rows: { read: 4, empty: 2 },
    });
    expect(JSON.stringify(document)).not.toContain('private');
  });

  it('reads any other table by the columns that the user names', async () => {
    const text = 'in;out;at;hit;usd;name\n100;10;2026-01-01 00:00:00;40;0.5;m\n200;20;2026-01-01 00:00:01;60;0.5;m\n';
    const columns = 'input=in,output=out,time=at,cached=hit,cost=usd,model=name';
    expect(await imported(text, { columns })).toMatchObject({
      totals: { uncached: 200, cacheRead: 100 },
      paid: { usd: 1 },
      inputTokens: 150,
    });
    expect(await imported(text, { columns: `${columns},cached-inside=no` })).toMatchObject({ totals: { uncached: 300, cacheRead: 100 } });
    expect(await imported('{"in":1,"out":2}\n{"in":3,"out":4}', { columns: 'input=in,output=out' })).toMatchObject({ inputTokens: 2 });
  });

  it('joins files of several formats', async () => {
    const document = await imported([AZURE, csv('date,prompt_tokens,completion_tokens,api_requests', '2026-01-01,100,10,1')]);
    expect(document.totals.requests).toBe(4);
    expect(document.files.map(({ format }) => format)).toEqual(['Azure LLM inference trace', 'LiteLLM daily spend']);
  });
});
