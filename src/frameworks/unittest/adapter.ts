import { join } from 'node:path';
import { packageFile } from '../../adapters/package-file.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type {
  Evidence,
  FileCall,
  Framework,
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
import { findPython, noPython, pythonOf } from '../python.js';
import { wordsOfRecipes } from '../recipes.js';
import { usesUnittest } from './detect.js';
import { readListing, readUnittest } from './report.js';

const PROGRAM = packageFile('src/frameworks/unittest/holdfast_unittest.py');
const SERVER = packageFile('src/frameworks/unittest/holdfast_unittest_server.py');

const CALL = /python3? -m unittest/;

/** Python's unittest, with the interpreter of the project's virtual environment if there is one. */
export const unittest: Framework = {
  name: 'unittest',

  detect: usesUnittest,

  async missing(folder: SuiteFolder): Promise<string | null> {
    return (await findPython(folder)) === null ? noPython(folder) : null;
  },

  /** The version of Python. */
  async version(folder: SuiteFolder): Promise<string | null> {
    return askVersion(folder, [await pythonOf(folder), '--version'], /^Python (\S+)/);
  },

  async list(folder: SuiteFolder, limits?: ListingLimits): Promise<readonly string[]> {
    const { args } = folder.spec;
    const python = await pythonOf(folder);
    const shown = [python, '-m', 'unittest', 'discover', ...args];
    const { answer } = await runLoadingListing(
      folder,
      (listing) => ({ argv: [python, PROGRAM, JSON.stringify({ args, listing })] }),
      { ...limits, shown },
    );
    const listing = readListing(answer);
    if (listing.kind === 'complete') return listing.files;
    throw listingFailed(shown, listing.reason);
  },

  remarks: (folder: SuiteFolder) => wordsOfRecipes(folder, CALL),

  async invoke(folder: SuiteFolder, { file, scratch, selection, before }: FileCall): Promise<Invocation> {
    const call = await callFor(folder, file, scratch, selection);
    return {
      argv: [await pythonOf(folder), PROGRAM, JSON.stringify({ ...call, ...(before && { before }) })],
      report: { kind: 'file', path: call.report },
    };
  },

  warm: {
    isIsolated: true,
    async start(folder: SuiteFolder): Promise<SessionInvocation> {
      return { argv: [await pythonOf(folder), SERVER] };
    },
    async order(folder: SuiteFolder, [file], scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const call = await callFor(folder, file, await scratch(), selection);
      return { takes: 1, options: call, reportPath: call.report };
    },
  },

  read: (evidence: Evidence): Reading => readUnittest(evidence),
};

/** The call for `holdfast_unittest.py`. */
async function callFor({ spec: { args } }: SuiteFolder, file: string, scratch: string, selection?: CaseSelection) {
  return {
    args,
    file,
    report: join(scratch, 'report.jsonl'),
    ...(selection && { selection: await leaveSelection(selection, scratch) }),
  };
}
