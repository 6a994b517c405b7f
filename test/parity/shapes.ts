import fc from 'fast-check';

/** What a case, or a hook, does. Some make sense in one kind of framework alone; in the others it passes. */
const CASES = [
  'passes',
  'passesLater',
  'fails',
  'failsLater',
  'failsOddly',
  'skips',
  'skipsInside',
  'todo',
  'todoFails',
  'expectedToFail',
  'expectedButPasses',
  'failsOnce',
  'prints',
  'leavesTimer',
  'hasSubtests',
  'table',
] as const;
/** They end their process or change its exit code: whoever runs the file beside others says the same of all of them. */
const WILD = ['exits0', 'exits3', 'exitCode5', 'throwsAfter', 'rejects', 'kills'] as const;

export type Does = (typeof CASES)[number] | (typeof WILD)[number];
export type Case = { readonly kind: 'case'; readonly title: string; readonly does: Does };
export type Hook = {
  readonly when: 'before' | 'after' | 'beforeEach' | 'afterEach';
  readonly does: 'passes' | 'fails' | 'prints' | 'passesLater';
};
export type Group = {
  readonly kind: 'group';
  readonly title: string;
  readonly skips: boolean;
  readonly hooks: readonly Hook[];
  readonly nodes: readonly (Case | Group)[];
};
/** A test file. `isWild`: its own process tells its verdict. */
export type Shape = {
  readonly nodes: readonly (Case | Group)[];
  readonly atLoad: 'nothing' | 'throws' | 'prints';
  readonly isWild: boolean;
};

const TITLES = [
  'adds',
  'adds', // Twice as likely: names that repeat.
  'a > b',
  'a  two spaces',
  'it\'s a "quoted" `name`',
  'ünïcödé 日本 🎉',
  'two\nlines',
  ' around ',
  '100 % of %s',
  '# hash',
  'back\\slash',
  '$& $1 $x',
  '<b> & "c"',
  '[id] (copy) {a,b}',
  'a::b/c',
  'x'.repeat(150),
];
const title = fc.constantFrom(...TITLES);
const aCase = (does: readonly Does[]): fc.Arbitrary<Case> =>
  fc.record({ kind: fc.constant('case'), title, does: fc.constantFrom(...does) });
/** Mostly passes: of ten cases that all do something else, nine are never reached. */
const tame = fc.oneof({ weight: 2, arbitrary: aCase(['passes']) }, { weight: 3, arbitrary: aCase(CASES) });
const hook: fc.Arbitrary<Hook> = fc.record({
  when: fc.constantFrom('before', 'after', 'beforeEach', 'afterEach'),
  does: fc.constantFrom('passes', 'passes', 'passesLater', 'prints', 'fails'),
});

const { group } = fc.letrec<{ group: Group; node: Case | Group }>((tie) => ({
  node: fc.oneof({ maxDepth: 2, withCrossShrink: true }, { weight: 3, arbitrary: tame }, { weight: 1, arbitrary: tie('group') }),
  group: fc.record({
    kind: fc.constant('group'),
    title,
    skips: fc.integer({ min: 0, max: 7 }).map((number) => number === 0),
    hooks: fc.array(hook, { maxLength: 2 }),
    nodes: fc.array(tie('node'), { minLength: 0, maxLength: 4 }),
  }),
}));
const nodes = fc.array(fc.oneof({ weight: 2, arbitrary: tame }, { weight: 2, arbitrary: group }), { minLength: 1, maxLength: 4 });

const tameShape: fc.Arbitrary<Shape> = fc.record({
  nodes,
  atLoad: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'prints'),
  isWild: fc.constant(false),
});
const wildShape: fc.Arbitrary<Shape> = fc
  .tuple(nodes, aCase(WILD), fc.constantFrom('nothing', 'nothing', 'nothing', 'throws'), fc.boolean())
  .map(([others, wild, atLoad, isFirst]) => {
    return { nodes: isFirst ? [wild, ...others] : [...others, wild], atLoad, isWild: true };
  });

/** Shapes of a seed; every fourth is wild. */
export function shapesOf(seed: number, count: number): readonly Shape[] {
  const wild = fc.sample(wildShape, { seed, numRuns: Math.floor(count / 4) });
  return [...fc.sample(tameShape, { seed, numRuns: count - wild.length }), ...wild];
}
