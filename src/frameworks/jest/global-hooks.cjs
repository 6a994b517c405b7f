'use strict';
// Runs the `globalSetup` and `globalTeardown` of a session's files as jest does for a run: each once, with the configuration of the
// project that names it.

/** @import { Config } from '@jest/types' */
/** @import { createScriptTransformer } from '@jest/transform' */
/** @typedef {'globalSetup' | 'globalTeardown'} HookName */

exports.GlobalHooks = class {
  #globalConfig;
  #createTransformer;
  /** The configurations of projects whose files have run. */
  #projects = /** @type {Set<Config.ProjectConfig>} */ (new Set());
  #hasRun = /** @type {Set<string>} */ (new Set());

  /**
   * @param {Config.GlobalConfig} globalConfig
   * @param {typeof createScriptTransformer} createTransformer
   */
  constructor(globalConfig, createTransformer) {
    this.#globalConfig = globalConfig;
    this.#createTransformer = createTransformer;
  }

  /**
   * Before a file of these projects runs.
   * @param {readonly Config.ProjectConfig[]} projects
   */
  async setUp(projects) {
    for (const project of projects) this.#projects.add(project);
    await this.#runAll('globalSetup');
  }

  async tearDown() {
    await this.#runAll('globalTeardown');
  }

  /** @param {HookName} name */
  async #runAll(name) {
    for (const project of this.#projects) {
      for (const path of [project[name], this.#globalConfig[name]]) {
        if (!path || this.#hasRun.has(`${name} ${path}`)) continue;
        const transformer = await this.#createTransformer(project);
        await transformer.requireAndTranspileModule(path, async (/** @type {unknown} */ hook) => {
          if (typeof hook !== 'function') throw new TypeError(`${name} file must export a function at ${path}`);
          await hook(this.#globalConfig, project);
        });
        this.#hasRun.add(`${name} ${path}`); // One that failed fails for the next file too.
      }
    }
  }
};
