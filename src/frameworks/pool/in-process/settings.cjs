'use strict';

const SETTINGS = 'HOLDFAST_SESSION';

/** Returns the settings that the adapter passed to this session, and removes them from the environment of the tests. */
exports.takeSettings = () => {
  const settings = process.env[SETTINGS];
  delete process.env[SETTINGS];
  if (settings === undefined) throw new Error(`${SETTINGS} is not set.`);
  return JSON.parse(settings);
};
