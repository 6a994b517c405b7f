// What V8 measured of one module on several machines. A module ends with its source map, as vite writes it, which has the path of the module
// in it: where the code has another path, the module is longer. V8's counts of the module itself are only added up if it ends where the
// others do; so all of them end where the shortest does, which is after the program.

/** @import { Measured } from './measured.mjs' */
/** @typedef {{ startOffset: number, endOffset: number }} Range */
/** @typedef {{ url: string, functions: { ranges: Range[] }[] }} Script */

/** Characters after the source map: vitest makes a function of each module. */
const CLOSING = 8;

/**
 * Where each module ends, by its URL.
 * @param {Iterable<Measured>} all
 */
export function endsOf(all) {
  /** @type {Map<string, number>} */
  const ends = new Map();
  for (const measured of all)
    for (const script of scriptsOf(measured)) {
      const end = endOf(script);
      ends.set(script.url, Math.min(end, ends.get(script.url) ?? end));
    }
  return ends;
}

/**
 * The same with these ends.
 * @param {Measured} measured
 * @param {ReadonlyMap<string, number>} ends
 */
export function withEnds(measured, ends) {
  for (const script of scriptsOf(measured)) {
    const end = endOf(script);
    const tooLong = end - (ends.get(script.url) ?? end);
    for (const range of rangesOf(script)) if (range.endOffset > end - CLOSING) range.endOffset -= tooLong;
  }
  return measured;
}

/** @param {Script} script */
const endOf = (script) => rangesOf(script).reduce((end, { endOffset }) => Math.max(end, endOffset), 0);

/** @param {Script} script */
const rangesOf = ({ functions }) => functions.flatMap(({ ranges }) => ranges);

/**
 * The modules of which V8 measured something; none if another provider of coverage did.
 * @param {Measured} measured
 * @returns {readonly Script[]}
 */
const scriptsOf = ({ coverage }) => /** @type {{ result?: Script[] }} */ (coverage).result ?? [];
