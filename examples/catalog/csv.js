'use strict';

/**
 * Reads CSV as RFC 4180 has it: fields may be quoted, and then hold commas, line ends and doubled quotes.
 * Returns one object for each row, by the names of the first. Throws SyntaxError with the line.
 */
function parseCsv(text) {
  const [names, ...rows] = records(text.replace(/^\uFEFF/, ''));
  if (names === undefined) return [];
  return rows.map(({ fields, line }) => {
    if (fields.length !== names.fields.length) {
      throw new SyntaxError(`Line ${line} has ${fields.length} fields, not ${names.fields.length}.`);
    }
    return Object.fromEntries(names.fields.map((name, index) => [name, fields[index]]));
  });
}

function records(text) {
  const found = [];
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let line = 1;
  let current = { fields: [], line };
  while (token.lastIndex < text.length || current.fields.length > 0) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(`Line ${line} has a quote where none may be, at character ${at}.`);
    const [whole, quoted, plain, end] = match;
    current.fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    found.push(current);
    current = { fields: [], line };
  }
  return found;
}

module.exports = { parseCsv };
