'use strict';
// Joins the coverage profiles of packages as `go test ./...` does: one after another below a single line with their mode. Packages
// without tests, of which go says that nothing of them ran, are asked for in one call that links no binary.

const { execFileSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { takeSettings } = require('../pool/in-process/settings.cjs');

/** @import { GoCoverageSettings } from './adapter.js' */

/** @type {GoCoverageSettings} */
const { flags, listing, packages, profile, raw, scratch } = takeSettings();

/** @param {readonly string[]} words */
const go = (words) => execFileSync('go', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

const texts = readdirSync(raw).map((attempt) => readFileSync(join(raw, attempt, 'profile'), 'utf8'));
const ofUntested = join(scratch, 'untested.out');
const noTests = '{{if not (or .TestGoFiles .XTestGoFiles)}}{{if .GoFiles}}{{.ImportPath}}{{end}}{{end}}';
const untested = go(['list', '-e', ...listing, '-f', noTests, ...packages])
  .split('\n')
  .filter(Boolean);
if (untested.length > 0) {
  try {
    go([...flags, `-coverprofile=${ofUntested}`, ...untested]);
  } catch {
    // A package that does not compile has no profile, as with `go test ./...`.
  }
  if (existsSync(ofUntested)) texts.push(readFileSync(ofUntested, 'utf8')); // Since go 1.22.
}
const [mode] = (texts[0] ?? 'mode: set\n').split('\n');
const blocks = texts.flatMap((text) => text.split('\n').slice(1).filter(Boolean));
writeFileSync(profile, `${[mode, ...blocks].join('\n')}\n`);
const total =
  go(['tool', 'cover', `-func=${profile}`])
    .trim()
    .split('\n')
    .at(-1) ?? '';
console.log(`${profile}: ${total.replace(/\s+/g, ' ')}`);
