import { deadlineOf } from './deadlines.js';
import { DEFAULTS } from './defaults.js';
import type { Expectation } from './durations.js';
import { planOrder } from './order.js';
import type { Shield } from './quarantine.js';
import { type CompileGlob, compileRules } from './rules.js';
import type { PlannedFile, SuiteInput } from './suite.js';

/** Everything a plan is made of. */
export type PlanParts = {
  readonly paths: readonly string[];
  readonly expectations: ReadonlyMap<string, Expectation>;
  readonly input: Pick<
    SuiteInput,
    'deadlineMs' | 'historyDeadlines' | 'killGraceMs' | 'order' | 'repeatEach' | 'repeatNew' | 'rules'
  >;
  readonly compileGlob: CompileGlob;
  /** What the quarantine says of a path. */
  readonly shieldOf: (path: string) => Shield | undefined;
  readonly ownerOf: (path: string) => string | undefined;
  /** What tells one content of a file from another, by path: now, and when it was last recorded. Undefined where that was not asked. */
  readonly contents?: { readonly now: Readonly<Record<string, string>>; readonly before: ReadonlyMap<string, string> };
};

/** The tasks of a run in their order, each with what holds for it. */
export function planFiles({ paths, expectations, input, compileGlob, shieldOf, ownerOf, contents }: PlanParts): PlannedFile[] {
  const toldOf = compileRules(input.rules ?? [], compileGlob);
  const { repeatEach, repeatNew = 1, historyDeadlines = null, killGraceMs = DEFAULTS.killGraceMs } = input;
  const longestMs = DEFAULTS.longestDeadlineMs;
  const files = paths.flatMap((path) => {
    const known = expectations.get(path);
    const { splitOver: _, ...told } = toldOf(path);
    const shield = shieldOf(path);
    const owner = ownerOf(path);
    const content = contents?.now[path];
    const file = {
      path,
      estimateMs: known?.ms ?? null,
      ...(historyDeadlines !== null &&
        known !== undefined &&
        deadlineOf(Math.max(known.ms, known.slowestMs), historyDeadlines, { killGraceMs, longestMs })),
      ...told,
      ...(told.deadlineMs !== undefined && { killGraceMs }),
      ...(shield && { shield }),
      ...(owner !== undefined && { owner }),
      ...(content !== undefined && { content }),
    };
    const isNew = known === undefined || (content !== undefined && content !== contents?.before.get(path));
    const times = isNew ? Math.max(repeatEach, repeatNew) : repeatEach;
    return Array.from({ length: times }, (_, index) => ({ ...file, repeat: index + 1 }));
  });
  return planOrder(files, input.order);
}
