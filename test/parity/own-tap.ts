import { isAbsolute } from 'node:path';
import { Parser, type Result } from 'tap-parser';
import type { CaseStatus } from '../../src/core/model/cases.js';
import { hideSeparators, showSeparators } from '../../src/frameworks/tap.js';
import { type ReportedCase, wholeFile } from './compare.js';

type Diagnostic = { type?: string; failureType?: string } | null;

/**
 * node's TAP. A suite is a group and no case, as node counts; unless a hook of it failed before any of its cases. node does not say which
 * file a case is of; a test that is named after a file is the file as a whole.
 */
export function readTap(text: string): readonly ReportedCase[] | null {
  const cases: ReportedCase[] = [];
  const parser = new Parser();
  read(parser, [], cases);
  parser.end(hideSeparators(text));
  return /^# tests \d+$/m.test(text) ? cases.map((one) => ({ ...one, name: showSeparators(one.name) })) : null;
}

/** The cases of a parser and, before the point that closes it, those of its subtests. */
function read(parser: Parser, path: readonly string[], cases: ReportedCase[]): void {
  parser.on('child', (child: Parser) => read(child, [...path, child.name], cases));
  parser.on('assert', (result: Result) => {
    const diagnostic = result.diag as Diagnostic;
    const isFile = path.length === 0 && isAbsolute(result.name);
    const hookFailed =
      diagnostic?.failureType === 'hookFailed' && !cases.some(({ name }) => name.startsWith([...path, result.name].join(' > ')));
    if (isFile) cases.push({ ...wholeFile(null), status: statusOf(result) });
    else if (diagnostic?.type !== 'suite' || hookFailed)
      cases.push({ file: null, name: [...path, result.name].join(' > '), status: statusOf(result) });
  });
}

const isMark = (mark: boolean | string | undefined) => mark !== undefined && mark !== false;

function statusOf({ ok, todo, skip }: Result): CaseStatus {
  if (isMark(todo) || isMark(skip)) return 'skipped';
  return ok ? 'passed' : 'failed';
}
