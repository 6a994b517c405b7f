'use strict';

const { readdirSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Paths of the files in the folders of a folder, such as those of raw coverage, which has a folder for each attempt.
 * @param {string} folder
 */
exports.filesBelow = (folder) =>
  readdirSync(folder).flatMap((one) => readdirSync(join(folder, one)).map((name) => join(folder, one, name)));
