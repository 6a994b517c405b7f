/** The files that run on this worker at the same time. */
export type Company = {
  /** Notes that a file runs from now on. */
  enter(file: string): Stay;
};

type Stay = {
  /** The files that have run beside it so far, in the order in which they met. */
  beside(): readonly string[];
  end(): void;
};

export function createCompany(): Company {
  const present = new Set<{ readonly file: string; readonly met: Set<string> }>();
  return {
    enter(file) {
      const entry = { file, met: new Set([...present].map((other) => other.file)) };
      for (const other of present) other.met.add(file);
      present.add(entry);
      return { beside: () => [...entry.met], end: () => void present.delete(entry) };
    },
  };
}
