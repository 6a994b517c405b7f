import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import type { CaseSelection } from '../../core/plan/split.js';
import { RAW_COVERAGE } from '../coverage/raw-coverage.js';
import type {
  CoverageCall,
  Evidence,
  FileCall,
  Framework,
  GatheredCoverage,
  Invocation,
  ListingLimits,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { leaveSelection } from '../leave-selection.js';
import { listingFailed, runLoadingListing } from '../listing.js';
import { askVersion } from '../program.js';
import { findPython, noPython, pythonOf, usesPytest } from '../python.js';
import { asksForCoverage, pytestRemarks } from './remarks.js';
import { readPytest, USAGE_ERROR } from './report.js';

const PROGRAM = packageFile('src/frameworks/pytest/programs/holdfast_pytest_run.py');
const SERVER = packageFile('src/frameworks/pytest/programs/holdfast_pytest_server.py');
/** In an argument, pytest takes these for the start of a parameter or of a test's name. */
const UNARGUABLE = /\[|::/;

const NONE: readonly string[] = [];

const listing = z.object({ files: z.array(z.string()), broken: z.array(z.string()), cut: z.string().nullable() });

/** pytest, with the interpreter of the project's virtual environment if there is one. */
export const pytest: Framework = {
  name: 'pytest',

  detect: usesPytest,

  async missing(folder: SuiteFolder): Promise<string | null> {
    const python = await findPython(folder);
    if (python === null) return noPython(folder);
    const probe = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("pytest") is None)';
    const { exitCode } = await execa(python, ['-c', probe], {
      cwd: folder.cwd,
      env: folder.env,
      extendEnv: false,
      reject: false,
    });
    return exitCode === 0 ? null : `The package pytest is not installed for ${python}.`;
  },

  async version(folder: SuiteFolder): Promise<string | null> {
    return askVersion(folder, [await pythonOf(folder), '-m', 'pytest', '--version'], /^pytest (\S+)/);
  },

  async list(folder: SuiteFolder, limits?: ListingLimits): Promise<readonly string[]> {
    const { args } = folder.spec;
    const python = await pythonOf(folder);
    const shown = [python, '-m', 'pytest', ...args, '--collect-only'];
    const { answer, stdout, stderr, exitCode } = await runLoadingListing(
      folder,
      (listing) => ({ argv: [python, PROGRAM, JSON.stringify({ args, listing })] }),
      { ...limits, shown },
    );
    const { files, broken, cut } = listing.parse(JSON.parse(answer));
    if (exitCode === USAGE_ERROR) throw listingFailed(shown, stderr || stdout); // Such as a name that is nowhere.
    // The contents of a broken folder are unknown, and leaving them out would hide tests; so would a list that is cut.
    if (broken.length > 0 || cut !== null) throw listingFailed(shown, [cut ?? '', stdout || stderr].join('\n'));
    return insideOf(await realpath(folder.cwd), files, folder);
  },

  async invoke(folder: SuiteFolder, { file, scratch, selection, before = NONE }: FileCall): Promise<Invocation> {
    const call = await callFor(folder, scratch, { selection, isMeasured: await measures(folder) });
    const files = [...before, file];
    return {
      argv: [await pythonOf(folder), PROGRAM, JSON.stringify({ ...call, files, ...(before.length > 0 && { own: file }) })],
      report: { kind: 'file', path: call.report },
    };
  },

  warm: {
    isIsolated: true,
    async start(folder: SuiteFolder): Promise<SessionInvocation> {
      return { argv: [await pythonOf(folder), SERVER] };
    },
    async order(folder: SuiteFolder, files, scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const [file] = files;
      const isMeasured = await measures(folder);
      const together = selection || isMeasured || UNARGUABLE.test(file) ? 0 : files.findIndex((path) => UNARGUABLE.test(path));
      const takes = together < 0 ? files.length : Math.max(1, together);
      if (takes > 1) return { takes, options: { args: folder.spec.args } };
      const call = await callFor(folder, await scratch(), { selection, isMeasured });
      return { takes, options: call, reportPath: call.report, ...(call.coverage && { coverage: call.coverage }) };
    },
  },

  coverage: {
    async merge(folder: SuiteFolder, { raw, isGreen }: GatheredCoverage): Promise<CoverageCall> {
      const call = { args: argsOf(folder), merge: raw, green: isGreen };
      return { argv: [await pythonOf(folder), PROGRAM, JSON.stringify(call)], met: [0], below: [11], skipped: [13] };
    },
  },

  remarks: pytestRemarks,

  read: (evidence: Evidence): Reading => readPytest(evidence),
};

/** Paths relative to the suite's folder. Throws LISTING_FAILED for one outside of it. */
function insideOf(cwd: string, files: readonly string[], { spec }: SuiteFolder): readonly string[] {
  const paths = files.map((file) => relative(cwd, file)).sort();
  const outside = paths.find((path) => path.startsWith('../'));
  if (outside === undefined) return paths;
  throw listingFailed(['pytest', ...spec.args, '--collect-only'], `${outside} is outside of the suite's folder, ${cwd}.`);
}

/** The call for `holdfast_pytest.py`, without its files. */
async function callFor(
  folder: SuiteFolder,
  scratch: string,
  { selection, isMeasured }: { readonly selection: CaseSelection | undefined; readonly isMeasured: boolean },
) {
  return {
    args: argsOf(folder),
    report: join(scratch, 'report.jsonl'),
    ...(selection && { selection: await leaveSelection(selection, scratch) }),
    ...(isMeasured && { coverage: join(scratch, RAW_COVERAGE) }),
  };
}

/** Whether pytest-cov measures each file; it does so for one run of pytest, so each file has a run of its own then. */
async function measures(folder: SuiteFolder): Promise<boolean> {
  const { coverage, isolation } = folder.spec;
  if (isolation === 'suite') return false;
  return coverage === undefined ? asksForCoverage(folder) : coverage === 'on';
}

const argsOf = ({ spec: { args, coverage } }: SuiteFolder) => (coverage === 'on' ? [...args, '--cov'] : args);
