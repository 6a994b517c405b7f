/** Exit codes of the command line. Public: CI scripts branch on them. */
export const EXIT = { ok: 0, testsFailed: 1, usage: 2, incomplete: 3, noTests: 4, cancelled: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Exit code and remedy of each error code. Codes are public: scripts match on them, so their meaning never changes. */
const KNOWN = {
  USAGE: { exit: EXIT.usage, remedy: 'See `holdfast --help`.' },
  CONFIG_INVALID: { exit: EXIT.usage, remedy: 'Fix it; `holdfast config` prints the settings in effect.' },
  CONFIG_UNREADABLE: { exit: EXIT.usage, remedy: 'Check that the file exists, is readable and is valid for its extension.' },
  SUITE_UNKNOWN: { exit: EXIT.usage, remedy: 'Name one of the configured suites with --suite.' },
  FRAMEWORK_UNKNOWN: { exit: EXIT.usage, remedy: 'Pass --framework, or run `holdfast init` to write a configuration.' },
  FRAMEWORK_MISSING: { exit: EXIT.usage, remedy: 'Install it in the project; Holdfast uses the one found there.' },
  NETWORK_SHARED: {
    exit: EXIT.usage,
    remedy: 'Allow unprivileged user namespaces there, or leave out `network`: see docs/company.md.',
  },
  FILE_MISSING: { exit: EXIT.usage, remedy: 'Check the path: it is relative to the folder of the suite.' },
  NO_MATCH: { exit: EXIT.noTests, remedy: 'Check the pattern, or pass --pass-with-no-tests.' },
  SUITE_EMPTY: { exit: EXIT.noTests, remedy: 'Check include and exclude, or pass --pass-with-no-tests.' },
  LISTING_FAILED: { exit: EXIT.incomplete, remedy: 'Run the framework’s own listing by hand; its message is above.' },
  SERVER_UNREACHABLE: {
    exit: EXIT.incomplete,
    remedy: 'Start the server or correct TEMPORAL_ADDRESS; `holdfast doctor` has the details.',
  },
  NAMESPACE_UNKNOWN: { exit: EXIT.usage, remedy: 'Create the namespace, or correct TEMPORAL_NAMESPACE.' },
  BINARY_MISSING: {
    exit: EXIT.incomplete,
    remedy: 'Install the Temporal CLI, or set HOLDFAST_TEMPORAL_CLI or TEMPORAL_ADDRESS.',
  },
  STACK_FAILED: { exit: EXIT.incomplete, remedy: 'See .holdfast/stack.log.' },
  STACK_BUSY: { exit: EXIT.incomplete, remedy: 'Stop that process, or use another project folder.' },
  STATE_DAMAGED: { exit: EXIT.incomplete, remedy: '`holdfast reset` keeps a copy aside, and the next command starts anew.' },
  STORE_TOO_NEW: { exit: EXIT.usage, remedy: 'Use the version of Holdfast that wrote it, or a newer one.' },
  STORE_UNREACHABLE: { exit: EXIT.incomplete, remedy: 'Check HOLDFAST_DATABASE_URL and that PostgreSQL is running.' },
  RUN_UNKNOWN: { exit: EXIT.usage, remedy: '`holdfast list` shows the runs.' },
  RUN_UNREADABLE: {
    exit: EXIT.incomplete,
    remedy: 'Check that a control worker is running and that HOLDFAST_OBJECTS names the same place everywhere.',
  },
  NOT_SIGNED: {
    exit: EXIT.incomplete,
    remedy: 'It is not believed; see docs/security.md. If it was you, HOLDFAST_KEY_FILE is missing or another somewhere.',
  },
  MALFORMED: {
    exit: EXIT.incomplete,
    remedy: 'Its sender is another version of Holdfast, or this is a bug; please report it.',
  },
  CHANGE_REFUSED: {
    exit: EXIT.usage,
    remedy: 'Nothing was changed; `holdfast show` has the state of the run.',
  },
  SCHEDULE_UNKNOWN: { exit: EXIT.usage, remedy: '`holdfast schedule list` shows the schedules.' },
  SCHEDULE_EXISTS: { exit: EXIT.usage, remedy: 'Choose another name, or delete it first.' },
  SOURCE_FAILED: { exit: EXIT.incomplete, remedy: 'Check the remote, the branch and the worker’s access to them.' },
  REVISION_UNKNOWN: { exit: EXIT.incomplete, remedy: 'Check the branch or tag in the configuration of the suite.' },
  RESULT_TOO_LARGE: { exit: EXIT.incomplete, remedy: 'This is a bug in Holdfast; please report it.' },
  COVERAGE_TOO_LARGE: {
    exit: EXIT.incomplete,
    remedy: 'Set HOLDFAST_OBJECTS to the folder that the workers share, and repeat it with `holdfast coverage`.',
  },
  WORKER_STUCK: {
    exit: EXIT.incomplete,
    remedy: 'It was killed; its files run elsewhere after the heartbeat timeout.',
  },
  WORKER_UNGUARDED: {
    exit: EXIT.incomplete,
    remedy: 'It handed back its files. Find out what kills processes on this machine, then start the worker again.',
  },
  OUTPUT_UNWRITABLE: { exit: EXIT.usage, remedy: 'Choose a path in a folder that exists and is writable.' },
} as const;

export type ErrorCode = keyof typeof KNOWN;

/** An error that people can act on: what happened, what to do about it, and a code for scripts. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly remedy: string;
  constructor(
    readonly code: ErrorCode,
    readonly what: string,
    { remedy = KNOWN[code].remedy, ...options }: ErrorOptions & { readonly remedy?: string } = {},
  ) {
    super(`${what} ${remedy} [${code}]`, options);
    this.remedy = remedy;
  }

  get exitCode(): ExitCode {
    return KNOWN[this.code].exit;
  }
}

/** What to do about an error of this code. */
export function remedyOf(code: ErrorCode): string {
  return KNOWN[code].remedy;
}

/** Is the machine to blame, rather than the suite? */
export function isMachineFault(code: ErrorCode): boolean {
  return code === 'FRAMEWORK_MISSING' || code === 'SOURCE_FAILED';
}

/** The exit code for an error code, where the error itself is not at hand. */
export function exitCodeOfError(code: ErrorCode): ExitCode {
  return KNOWN[code].exit;
}

/** Is this text, from `ApplicationFailure.type` or a log line, an error code? */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(KNOWN, text);
}

/** Is it an error of the system with this code, such as ENOENT? */
export function hasCode(error: unknown, code: string): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
