/** Arguments of `go test`, taken apart as go does. */
export type GoArguments = {
  /** Flags of go itself, with their values. */
  readonly flags: readonly string[];
  /** Packages; empty if none is named. */
  readonly packages: readonly string[];
  /** Everything that go passes to the test binaries. */
  readonly toTests: readonly string[];
};

const WITH_VALUE = new Set(
  `C p asmflags buildmode compiler covermode coverpkg gccgoflags gcflags installsuffix ldflags mod modfile overlay pgo pkgdir tags toolexec
  o exec vet bench benchtime blockprofile blockprofilerate count coverprofile cpu cpuprofile fuzz fuzzcachedir fuzzminimizetime fuzztime list
  memprofile memprofilerate mutexprofile mutexprofilefraction outputdir parallel run shuffle skip timeout trace`.split(/\s+/),
);
const SWITCHES = new Set(
  `a n x v i c work race msan asan cover linkshared modcacherw trimpath buildvcs json artifacts benchmem failfast fullpath short`.split(
    ' ',
  ),
);

/**
 * A word that is no flag is a package, if no package list and no flag unknown to go came before it. An unknown flag belongs to the tests,
 * and so does the word after it; the words from the next one on, or from `-args` on, are theirs without being read.
 */
export function parseArguments(args: readonly string[]): GoArguments {
  const flags: string[] = [];
  const packages: string[] = [];
  const toTests: string[] = [];
  let hasPackages = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const name = /^--?(?:test\.)?([^-=][^=]*)/.exec(word)?.[1];
    if (word === '--' || name === 'args') return { flags, packages, toTests: [...toTests, ...args.slice(at)] };
    if (name === undefined) {
      if (hasPackages) return { flags, packages, toTests: [...toTests, ...args.slice(at)] };
      while (at < args.length && !args[at]?.startsWith('-')) packages.push(args[at++] ?? '');
      at -= 1;
      hasPackages = true;
    } else if (WITH_VALUE.has(name)) {
      flags.push(word);
      if (!word.includes('=') && at + 1 < args.length) flags.push(args[++at] ?? '');
    } else if (SWITCHES.has(name)) {
      flags.push(word);
    } else {
      hasPackages = true;
      toTests.push(word);
      const next = args[at + 1];
      if (!word.includes('=') && next !== undefined && !next.startsWith('-')) toTests.push(args[++at] ?? '');
    }
  }
  return { flags, packages, toTests };
}

/** Flags that affect which files belong to a package, or how it compiles, so that the listing needs them too. */
const OF_LISTING = /^--?(tags|mod|modfile|overlay|race|msan|asan|compiler)(=|$)/;

/** The flags of `go test` that `go list` needs too. */
export const listingFlags = (flags: readonly string[]) => pickFlags(flags, OF_LISTING);

/** The flags whose word matches, with their values. */
export function pickFlags(flags: readonly string[], wanted: RegExp): readonly string[] {
  return withValues(flags)
    .filter(([word]) => wanted.test(word))
    .flat();
}

/** The path of the coverage profile; null if none is asked for. */
export function profileOf(flags: readonly string[]): string | null {
  const [word = '', value] = withValues(flags).findLast(([word]) => IS_PROFILE.test(word)) ?? [];
  return word === '' ? null : (value ?? word.replace(/^[^=]*=/, ''));
}

const IS_PROFILE = /^--?(test\.)?coverprofile(=|$)/;

/** The flags for packages whose profiles are joined at the end: each measures, and writes its own elsewhere. */
export function withoutProfile(flags: readonly string[]): readonly string[] {
  return withValues(flags).flatMap((flag) => (IS_PROFILE.test(flag[0]) ? ['-cover'] : flag));
}

/** Each flag of go by itself: its word, and its value if that is the next word. */
function withValues(flags: readonly string[]): readonly (readonly [word: string, ...value: string[]])[] {
  const all: [string, ...string[]][] = [];
  for (const word of flags) {
    const last = all.at(-1);
    const isValue = last?.length === 1 && !last[0].includes('=') && WITH_VALUE.has(last[0].replace(/^--?(test\.)?/, ''));
    if (isValue) last.push(word);
    else all.push([word]);
  }
  return all;
}
