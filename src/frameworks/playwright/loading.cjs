'use strict';
// Preloaded into the process of `playwright test --list`: the path of the file that playwright is loading is in the file that
// HOLDFAST_LOADING names, so that one that ends the process is known. Empty: none is being loaded.

const { writeFileSync } = require('node:fs');
const Module = require('node:module');
const { isAbsolute } = require('node:path');
const { pathToFileURL } = require('node:url');
const { isAskedForByPlaywright } = require('./loading-hook.cjs');

/** @typedef {(request: string, parent?: { filename?: string | null }, isMain?: boolean) => unknown} Load */

const at = process.env.HOLDFAST_LOADING ?? '';
delete process.env.HOLDFAST_LOADING; // It is for this process alone.

const modules = /** @type {{ _load: Load }} */ (/** @type {unknown} */ (Module));
const load = modules._load;
modules._load = loadAndTell;

/** @type {Load} */
function loadAndTell(request, parent, isMain) {
  if (!isAbsolute(request) || !isAskedForByPlaywright(request, parent?.filename))
    return load.call(Module, request, parent, isMain);
  writeFileSync(at, request);
  modules._load = load; // What the file itself loads has no frame of this program in its stack traces, in which playwright looks for the file.
  try {
    return load.call(Module, request, parent, isMain);
  } finally {
    if (modules._load === load) modules._load = loadAndTell;
    writeFileSync(at, '');
  }
}

Module.register('./loading-hook.cjs', { parentURL: pathToFileURL(__filename).href, data: { at } });
