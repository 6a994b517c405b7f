import { readdir, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { packageFile } from '../../adapters/package-file.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type {
  Evidence,
  FileCall,
  Framework,
  Invocation,
  ListingLimits,
  ProjectFiles,
  Reading,
  SessionInvocation,
  SessionOrder,
  SuiteFolder,
} from '../framework.js';
import { byFullName, leaveSelection } from '../leave-selection.js';
import { lastWords, listingFailed, runLoadingListing } from '../listing.js';
import { askVersion } from '../program.js';
import { readRspecReport } from './report.js';
import { missingRspec, rubyOf } from './ruby.js';

const listed = z.array(z.string());
const program = (name: string) => packageFile(`src/frameworks/rspec/programs/${name}.rb`);

/** RSpec, from the project's Gemfile if that includes it: see docs/decisions/0034-rspec.md. */
export const rspec: Framework = {
  name: 'rspec',

  async detect({ cwd, names, readText }: ProjectFiles): Promise<boolean> {
    if (names.has('.rspec') || /^\s*gem\b[\s(]*["']rspec\b/m.test(await readText('Gemfile'))) return true;
    const specs = names.has('spec') ? await readdir(join(cwd, 'spec'), { recursive: true }).catch(() => []) : [];
    return specs.some((name) => name.endsWith('_spec.rb'));
  },

  missing: missingRspec,

  async version(folder: SuiteFolder): Promise<string | null> {
    const probe = 'require "rspec/core/version"; puts RSpec::Core::Version::STRING';
    return askVersion(folder, [...(await rubyOf(folder)), '-e', probe], /^(\d\S*)$/m);
  },

  async list(folder: SuiteFolder, limits?: ListingLimits): Promise<readonly string[]> {
    const ruby = await rubyOf(folder);
    const { args } = folder.spec;
    const shown = ['rspec', ...args, '--dry-run'];
    const { answer, stdout, stderr, exitCode } = await runLoadingListing(
      folder,
      (listing) => ({ argv: [...ruby, program('list'), JSON.stringify(listing), ...args] }),
      { ...limits, shown },
    );
    if (exitCode !== 0) throw listingFailed(shown, lastWords({ stdout, stderr, exitCode }));
    const cwd = await realpath(folder.cwd);
    return listed
      .parse(JSON.parse(answer))
      .map((path) => relative(cwd, path))
      .sort();
  },

  async invoke(folder: SuiteFolder, { file, scratch, selection, before = [] }: FileCall): Promise<Invocation> {
    const report = join(scratch, 'report.jsonl');
    const chosen = selection ? await leaveSelection(selection, scratch) : '';
    const own = before.length > 0 ? file : '';
    const files = [...before, file].map((path) => `./${path}`);
    return {
      argv: [...(await rubyOf(folder)), program('run'), report, chosen, own, ...folder.spec.args, ...files],
      report: { kind: 'file', path: report },
    };
  },

  warm: {
    isIsolated: true,
    async start(folder: SuiteFolder): Promise<SessionInvocation> {
      return { argv: [...(await rubyOf(folder)), program('serve'), ...folder.spec.args] };
    },
    async order({ spec: { args } }: SuiteFolder, [file], scratch, selection?: CaseSelection): Promise<SessionOrder> {
      const report = join(await scratch(), 'report.jsonl');
      const options = { args: [...args, `./${file}`], report, ...(selection && { selection: byFullName(selection) }) };
      return { takes: 1, options, reportPath: report };
    },
  },

  read: (evidence: Evidence): Reading => readRspecReport(evidence),
};
