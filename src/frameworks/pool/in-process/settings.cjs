'use strict';

const SETTINGS = 'HOLDFAST_SESSION';

/** The settings of this session, of the type that its adapter gives them: the tests do not see them any more. */
exports.takeSettings = () => {
  const settings = process.env[SETTINGS];
  delete process.env[SETTINGS];
  if (settings === undefined) throw new Error(`${SETTINGS} is not set.`);
  return JSON.parse(settings);
};
