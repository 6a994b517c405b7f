import { z } from 'zod';
import { REPORTS, type ReportKind } from '../core/model/frameworks.js';
import { choice, text, words } from './value-schemas.js';

const KINDS = Object.keys(REPORTS) as readonly ReportKind[];

/** The report of a command; without `path` it is read from stdout. */
export const commandReport = z.strictObject(
  { kind: choice(KINDS), path: text.optional() },
  'an object such as { "kind": "junit", "path": "reports/{file}.xml" }',
);

const selecting = words.refine(
  (list) => list.some((word) => /\{cases?\}/.test(word)),
  'a list of words, one of them with {case} or {cases}',
);

/** Arguments that make a command run only the named cases, or all others. */
export const caseWords = z.strictObject(
  { only: selecting, except: selecting },
  'an object such as { "only": ["--match={case}"], "except": ["--match=!{case}"] }',
);
