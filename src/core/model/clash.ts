/** What the output of a red attempt says it could not have, because something else had it. */
export type Clash = {
  readonly kind: 'address' | 'path' | 'database';
  /** `port 3000`, `/tmp/app.lock`, `database is locked`. */
  readonly what: string;
  /** The test file that had it, or else the program; if known. */
  readonly holder?: string;
};

/** How programs say that somebody else has an address, with the port or path as the group `what`; the first that matches counts. */
const ADDRESSES: readonly RegExp[] = [
  /EADDRINUSE[^\n]*?[\s:](?<what>\d{1,5})\b(?!\S)/, // Node: `listen EADDRINUSE: address already in use :::3000`
  /EADDRINUSE[^\n]*?\s(?<what>\/\S+)/, // Node, a socket: `… address already in use /tmp/app.sock`
  /bind on address \('[^']*', (?<what>\d+)[^\n]*address already in use/i, // Python's asyncio
  /listen \w+ \S*:(?<what>\d+): bind: address already in use/, // Go
  /Address already in use - bind\(2\) for \S+ port (?<what>\d+)/, // Ruby
  /Port (?<what>\d+) (?:was|is) already in use/i, // Spring, Vite, Flask and others
];
const SOME_ADDRESS = /EADDRINUSE|address already in use/i;
const PATHS: readonly RegExp[] = [
  /\b(?:EEXIST|ENOTEMPTY|EBUSY|ETXTBSY)\b[^\n]*?'(?<what>[^'\n]+)'/, // Node: `EEXIST: file already exists, mkdir '/tmp/x'`
  /FileExistsError: [^\n]*?'(?<what>[^'\n]+)'/, // Python
  /\bmkdir: cannot create directory [‘'"](?<what>[^’'"\n]+)[’'"]: File exists/,
  /\bmkdir (?<what>\S+): file exists/, // Go
];
const DATABASES = /database is locked|SQLITE_BUSY|deadlock detected|Lock wait timeout exceeded/;

/** Finds in the text of a red attempt (output, messages, stacks) what it could not have; undefined if the text does not say. */
export function clashIn(text: string): Clash | undefined {
  const address = firstIn(text, ADDRESSES);
  if (address !== undefined) return { kind: 'address', what: address.startsWith('/') ? address : `port ${address}` };
  if (SOME_ADDRESS.test(text)) return { kind: 'address', what: 'an address' };
  const path = firstIn(text, PATHS);
  if (path !== undefined) return { kind: 'path', what: path };
  const database = DATABASES.exec(text)?.[0];
  return database === undefined ? undefined : { kind: 'database', what: database };
}

/** The number of the port that the clash is about; undefined if it is about something else. */
export function portOf({ kind, what }: Clash): number | undefined {
  const port = /^port (\d+)$/.exec(what)?.[1];
  return kind === 'address' && port !== undefined ? Number(port) : undefined;
}

/** `port 3000 was in use`, `it could not have /tmp/app.lock`: what was seen, in words. */
export function describeClash({ kind, what, holder }: Clash): string {
  const by = holder === undefined ? '' : ` by ${holder}`;
  switch (kind) {
    case 'address':
      return `${what} was in use${by}`;
    case 'path':
      return `${what} was there already or busy`;
    case 'database':
      return what;
  }
}

function firstIn(text: string, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const what = pattern.exec(text)?.groups?.what;
    if (what !== undefined) return what;
  }
  return undefined;
}
