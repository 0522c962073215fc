import type { Clock } from '../client/clock.ts';
import type { ServerMetrics } from './serverMetrics.ts';
import { highest, peaksIn, type ServerPeaks } from './serverPeaks.ts';

/** Short steps are looked at, too. */
const FIRST_MS = 250;
const EVERY_MS = 1000;

/**
 * Does some work and meanwhile reads the metrics of a server: after a quarter of a second, and then a second after each reading has come, so
 * that there is never more than one under way. The work does not wait for them; what is under way when it ends is waited for.
 *
 * @param read null where the server shows nothing
 * @returns what the work returns, and the peaks of all readings; null where none told anything
 */
export async function watchedPeaks<Result>(
  clock: Clock,
  read: () => Promise<ServerMetrics | null>,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly peaks: ServerPeaks | null }> {
  const over = new AbortController();
  const watch = async () => {
    let peaks: ServerPeaks | null = null;
    for (let wait = FIRST_MS; ; wait = EVERY_MS) {
      await clock.sleep(wait, over.signal);
      if (over.signal.aborted) return peaks;
      const metrics = await read();
      if (metrics === null) continue;
      const seen = peaksIn(metrics);
      peaks = peaks === null ? seen : highest(peaks, seen);
    }
  };
  const watching = watch();
  const result = await work().finally(() => over.abort());
  return { result, peaks: await watching };
}
