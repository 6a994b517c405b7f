// Type tests, which a compiler checks: all of a project at once, which takes as long as for one. A session has it done once, when a file
// with some is asked for.

/** @import { TestModule, TestSpecification, Vitest } from 'vitest/node' */
/**
 * What the compiler says of the type tests of one file: `isClean` if there is no error outside of all type tests; `tookMs`: their share.
 * @typedef {{ modules: readonly TestModule[], isClean: boolean, tookMs: number }} Checked
 */

/** @param {TestSpecification} specification */
export const isOfTypes = ({ pool }) => pool === 'typescript';

export class TypeTests {
  /**
   * Modules that have ended, while they are checked.
   * @type {TestModule[] | null}
   */
  #ended = null;
  /**
   * Of all files; null until they are checked.
   * @type {Promise<Checked> | null}
   */
  #all = null;

  /**
   * Whether a module that has ended is one of a check.
   * @param {TestModule} module
   */
  takes(module) {
    this.#ended?.push(module);
    return this.#ended !== null;
  }

  /**
   * @param {Vitest} vitest
   * @param {string} path of the file
   * @returns {Promise<Checked>}
   */
  async of(vitest, path) {
    this.#all ??= this.#check(vitest);
    const all = await this.#all;
    const modules = all.modules.filter(({ moduleId }) => moduleId === path);
    return { modules, isClean: all.isClean, tookMs: (all.tookMs * modules.length) / Math.max(1, all.modules.length) };
  }

  /** @param {Vitest} vitest */
  async #check(vitest) {
    const specifications = (await vitest.globTestSpecifications()).filter(isOfTypes);
    const startedAt = performance.now();
    /** @type {TestModule[]} */
    const modules = [];
    this.#ended = modules;
    await vitest.runTestSpecifications(specifications).catch((error) => console.error(error));
    this.#ended = null;
    return { modules, isClean: vitest.state.getUnhandledErrors().length === 0, tookMs: performance.now() - startedAt };
  }
}
