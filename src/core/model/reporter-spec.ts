import { RunnerError } from '../errors.js';

export const REPORTERS = ['live', 'ci', 'junit', 'json', 'github'] as const;
export type ReporterName = (typeof REPORTERS)[number];

/** A reporter as asked for. `path` is set for junit and json only; `-` is standard output. */
export type ReporterSpec = { readonly name: ReporterName; readonly path: string | null };

/** Reads `name[=path]`. Throws USAGE for an unknown name, a missing path or one too many. */
export function parseReporter(text: string): ReporterSpec {
  const at = text.indexOf('=');
  const word = at < 0 ? text : text.slice(0, at);
  const path = at < 0 ? null : text.slice(at + 1);
  const name = REPORTERS.find((known) => known === word);
  if (name === undefined) throw new RunnerError('USAGE', `There is no reporter "${word}"; there are ${REPORTERS.join(', ')}.`);
  const takesPath = name === 'junit' || name === 'json';
  if (takesPath && (path === null || path === ''))
    throw new RunnerError(
      'USAGE',
      `The reporter ${name} needs a path, as in ${name}=report.${name === 'json' ? 'json' : 'xml'}, or ${name}=- for standard output.`,
    );
  if (!takesPath && path !== null) throw new RunnerError('USAGE', `The reporter ${name} takes no path; it got "${path}".`);
  return { name, path };
}
