import { lastDay } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { judgeBreakEven } from './breakEvenClaim.ts';
import type { Judged } from './judgement.ts';
import type { MoneyClaim } from './moneyClaim.ts';
import { judgePrice } from './priceClaim.ts';
import { judgeRatio } from './ratioClaim.ts';
import { judgeRent } from './rentClaim.ts';
import { judgeResent, judgeSession } from './sessionClaim.ts';
import { judgeThinkingSaving, judgeThinkingTokens } from './thinkingClaim.ts';

function judgeOn(check: MoneyClaim, catalog: Catalog, day: string): Judged {
  switch (check.kind) {
    case 'price':
      return judgePrice(check, catalog, day);
    case 'session':
      return judgeSession(check, catalog, day);
    case 'ratio':
      return judgeRatio(check, catalog, day);
    case 'resent':
      return judgeResent(check, catalog, day);
    case 'thinking-saving':
      return judgeThinkingSaving(check, catalog, day);
    case 'thinking-tokens':
      return judgeThinkingTokens(check, catalog, day);
    case 'rent':
      return judgeRent(check, catalog, day);
    case 'break-even':
      return judgeBreakEven(check, catalog, day);
  }
}

/**
 * Judges a claim about money by the prices of its own day and by those of the catalog's day. Where they differ both are said, and a
 * claim that is right on one of the days alone depends on the day.
 *
 * @param date of the claim; a month speaks for its last day
 */
export function judgeMoney(check: MoneyClaim, catalog: Catalog, date: string): Judged {
  const then = judgeOn(check, catalog, lastDay(date));
  const now = judgeOn(check, catalog, catalog.date);
  const agree = then.judgement === now.judgement;
  if (agree && then.computed === now.computed) return now;
  return {
    claimed: now.claimed,
    computed: `${now.computed} (on ${date}: ${then.computed})`,
    judgement: agree ? now.judgement : 'depends',
    arithmetic: `on ${catalog.date}, ${now.judgement}: ${now.arithmetic}; on ${date}, ${then.judgement}: ${then.arithmetic}`,
  };
}
