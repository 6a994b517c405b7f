import { type FrameworkName, factsOf } from '../model/frameworks.js';
import { type Rate, wilson } from './flakiness.js';

/** One condition under which a file is repeated. */
export type Condition = {
  readonly name: string;
  readonly times: number;
  /** Slots of one worker that each repetition takes. */
  readonly slots: number;
  /** Arguments for the framework. */
  readonly args: readonly string[];
};

export type ConditionResult = { readonly condition: Condition; readonly runs: number; readonly failures: number };

/** The conditions for `times` repetitions in total: beside others, alone on the worker, and with cases in random order. */
export function conditionsFor(
  framework: FrameworkName,
  { times, largest }: { readonly times: number; readonly largest: number },
): Condition[] {
  const { shuffleArgs } = factsOf(framework);
  const ways = [
    { name: BESIDE, slots: 1, args: [] },
    ...(largest > 1 ? [{ name: ALONE, slots: largest, args: [] }] : []),
    ...(shuffleArgs === null ? [] : [{ name: SHUFFLED, slots: 1, args: shuffleArgs }]),
  ];
  return ways.map((way) => ({ ...way, times: Math.max(1, Math.ceil(times / ways.length)) }));
}

const BESIDE = 'beside others';
const ALONE = 'alone';
const SHUFFLED = 'in random order';

export type Investigation = {
  readonly conditions: readonly {
    readonly name: string;
    readonly runs: number;
    readonly failures: number;
    readonly rate: Rate;
  }[];
  /** A sentence. */
  readonly conclusion: string;
  /** A command that reproduces the failure; null if nothing failed. */
  readonly reproduction: string | null;
};

/** Draws a conclusion from the failure rates. Conditions differ only if their confidence intervals do not overlap. */
export function concludeInvestigation(file: string, suite: string, tried: readonly ConditionResult[]): Investigation {
  const conditions = tried.map(({ condition, runs, failures }) => ({
    name: condition.name,
    runs,
    failures,
    rate: wilson(failures, runs),
  }));
  const runs = conditions.reduce((sum, condition) => sum + condition.runs, 0);
  const failures = conditions.reduce((sum, condition) => sum + condition.failures, 0);
  const worst = tried.toSorted((a, b) => b.failures / Math.max(1, b.runs) - a.failures / Math.max(1, a.runs))[0];
  if (failures === 0 || worst === undefined) {
    const atMost = (100 * wilson(0, runs).high).toFixed(1);
    return {
      conditions,
      conclusion: `It passed ${runs} times: it is red at most ${atMost} % of the time (95 %).`,
      reproduction: null,
    };
  }
  if (failures === runs)
    return { conditions, conclusion: `It is red every time: broken, not flaky.`, reproduction: commandOf(file, suite, worst, 1) };
  const rate = wilson(worst.failures, worst.runs);
  const milder = conditions.filter(({ rate: other }) => other.high < rate.low).map(({ name }) => name);
  const depends =
    milder.length > 0
      ? `It depends on how it runs: ${worst.condition.name} it is red far more often than ${milder.join(' and ')}.`
      : 'It does not depend on what was varied.';
  const times = Math.ceil(Math.log(0.05) / Math.log(1 - rate.rate)); // Enough to see the failure with a probability of 95 %.
  return { conditions, conclusion: depends, reproduction: commandOf(file, suite, worst, times) };
}

function commandOf(file: string, suite: string, { condition }: ConditionResult, times: number): string {
  const alone = condition.name === ALONE ? ' -j 1' : '';
  const args = condition.args.length > 0 ? ` -- ${condition.args.join(' ')}` : '';
  return `holdfast run --suite ${suite} ${file} --repeat-each ${Number.isFinite(times) ? times : 1}${alone}${args}`;
}
