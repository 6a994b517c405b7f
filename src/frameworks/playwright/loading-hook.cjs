'use strict';
// Module hooks of loading.cjs, for files that are ECMAScript modules. Playwright imports one after the other, so the last is being loaded.

const { writeFileSync } = require('node:fs');
const { fileURLToPath } = require('node:url');

/** @import { ResolveHookContext, ResolveFnOutput } from 'node:module' */

let at = '';

/** @param {{ at: string }} data */
exports.initialize = (data) => {
  at = data.at;
};

/**
 * @param {string} specifier
 * @param {ResolveHookContext} context
 * @param {(specifier: string, context?: ResolveHookContext) => ResolveFnOutput | Promise<ResolveFnOutput>} next
 */
exports.resolve = (specifier, context, next) => {
  const file = /^file:.*?(?=\.esm\.preflight$|$)/.exec(specifier)?.[0];
  if (file && isAskedForByPlaywright(file, context.parentURL)) writeFileSync(at, fileURLToPath(file));
  return next(specifier, context);
};

/**
 * Whether this is the configuration or a test file. Both are paths or URLs.
 * @param {string} file
 * @param {string | null | undefined} parent
 */
function isAskedForByPlaywright(file, parent) {
  return (
    !/[\\/]node_modules[\\/]/.test(file) && /[\\/]node_modules[\\/](?:playwright|@playwright[\\/]test)[\\/]/.test(parent ?? '')
  );
}
exports.isAskedForByPlaywright = isAskedForByPlaywright;
