/**
 * How far the client's times of tokens are from when a server process wrote them, both on the monotonic clock of the host. The way through
 * the loopback is part of every error; what it takes alone is what a bare socket sees.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const CLIENT = '../../dist/calibration/client/';
const TOKENS = 25;
const LOADS = [
  { concurrency: 1, requests: 20, aimMs: 1 },
  { concurrency: 64, requests: 256, aimMs: 2 },
];
/** So many short requests per worker first, until the code is compiled and the connections stand. */
const WARM = { 1: 30, 64: 2 };

const now = () => Number(process.hrtime.bigint()) / 1e6;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Sends the requests of a load, so many at once. */
async function sendAll({ concurrency, requests }, send) {
  const records = [];
  let next = 0;
  const worker = async (place) => {
    // Workers start apart, as users do, so that connections are not all opened in one millisecond.
    await new Promise((resolve) => setTimeout(resolve, place * 7));
    while (next < requests) records.push(await send(next++));
  };
  await Promise.all(Array.from({ length: concurrency }, (_, place) => worker(place)));
  return records;
}

const gaps = (times) => times.slice(1).map((ms, index) => ms - times[index]);

/** Errors of one record against what the server wrote down, milliseconds; the true TTFT is from the send to the first write. */
function errorsOf(record, { received, written }, { tpotOf }) {
  if (record.failure || record.chunks.length !== written.length) throw new Error(`request failed: ${JSON.stringify(record.failure)}`);
  const own = gaps(written);
  return {
    TTFT: [Math.abs(record.firstTokenMs - written[0])],
    ITL: gaps(record.chunks.map(({ ms }) => ms)).map((gap, index) => Math.abs(gap - own[index])),
    TPOT: [Math.abs(tpotOf(record) - (written.at(-1) - written[0]) / (TOKENS - 1))],
    out: [received - record.sentMs],
  };
}

/** When the first token of each of some requests reaches a bare socket. */
async function bareFirsts(port) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const firsts = {};
  for (let number = 0; number < 20; number++) {
    const body = JSON.stringify({ prompt: `bare ${number}`, max_tokens: 2 });
    let text = '';
    const ended = new Promise((resolve) => {
      socket.on('data', (bytes) => {
        const ms = now();
        text += bytes;
        if (text.includes('data:')) firsts[`bare ${number}`] ??= ms;
        if (text.endsWith('\r\n0\r\n\r\n')) resolve();
      });
    });
    socket.write(`POST /v1/completions HTTP/1.1\r\nhost: bench\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await ended;
    socket.removeAllListeners('data');
  }
  socket.destroy();
  return firsts;
}

/** Prints the medians of the absolute errors of TTFT, ITL and TPOT at each load, beside their aims. */
export async function timingErrors() {
  const { realClock } = await import(`${CLIENT}clock.js`);
  const { endpointUrl } = await import(`${CLIENT}endpointUrl.js`);
  const { lagMeter } = await import(`${CLIENT}lagMeter.js`);
  const { sendRequest } = await import(`${CLIENT}sendRequest.js`);
  const { DEFAULT_TIMEOUTS } = await import(`${CLIENT}timeouts.js`);
  const timings = await import(`${CLIENT}timings.js`);
  const server = fork(fileURLToPath(new URL('./streamServer.mjs', import.meta.url)));
  const [port] = await once(server, 'message');
  const origin = `http://127.0.0.1:${port}`;
  const endpoint = { url: endpointUrl(origin), protocol: 'completions', model: 'm', key: null };
  const clock = { ...realClock, now };
  const lag = lagMeter(clock);
  const timesOf = async () => (await fetch(`${origin}/times`)).json();
  const firsts = await bareFirsts(port);
  const bare = await timesOf();
  const floor = median(Object.entries(firsts).map(([name, ms]) => ms - bare[name].written[0]));
  for (const load of LOADS) {
    const sendOf = (kind, maxOutputTokens) => async (number) => {
      const ask = { recorded: { number, maxOutputTokens }, intendedMs: clock.now(), content: `${kind} ${load.concurrency} ${number}` };
      return (await sendRequest(endpoint, ask, { clock, lag, timeouts: DEFAULT_TIMEOUTS })).record;
    };
    await sendAll({ ...load, requests: load.concurrency * WARM[load.concurrency] }, sendOf('warm', 2));
    const records = await sendAll(load, sendOf('timed', TOKENS));
    const times = await timesOf();
    const errors = records.map((record) => errorsOf(record, times[`timed ${load.concurrency} ${record.ask.number}`], timings));
    const medianOf = (kind) => median(errors.flatMap((error) => error[kind]));
    const medians = ['TTFT', 'ITL', 'TPOT'].map((kind) => [kind, medianOf(kind)]);
    const met = medians.every(([, error]) => error <= load.aimMs);
    const shown = medians.map(([kind, error]) => `${kind} ${error.toFixed(3)}`).join(', ');
    const lagMs = median(records.map(({ clientLagMs }) => clientLagMs));
    console.log(
      `client at ${String(load.concurrency).padEnd(2)}           ${shown} ms off in the median (a bare socket: ${floor.toFixed(3)}; requests out after ${medianOf('out').toFixed(3)}; lag ${lagMs.toFixed(1)})  aim ${load.aimMs}: ${met ? 'met' : 'missed'}`,
    );
  }
  lag.stop();
  const gone = once(server, 'exit');
  server.disconnect();
  await gone;
}
