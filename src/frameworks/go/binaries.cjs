'use strict';
// Test binaries of go, kept from call to call: told to write one where it is already (`-o`), go links it only if it would come
// out otherwise, by the build ID that it has written into it. Each call has them in a folder of its own, so that calls side by
// side do not share any.

const { createHash } = require('node:crypto');
const {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, dirname, join } = require('node:path');

/** Of a file system, that part of what is free is used. */
const SHARE_OF_FREE = 1 / 4;

exports.GoBinaries = class {
  #folder;
  #mostBytes;
  #scratch;
  #variant;

  /**
   * `scratch`: a folder on the same file system. `variant`: what makes other binaries of the same packages, such as flags.
   * @param {{ folder: string, mostBytes: number, scratch: string, variant: unknown }} where
   */
  constructor({ folder, mostBytes, scratch, variant }) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#scratch = scratch;
    this.#variant = variant;
  }

  /**
   * A folder for `-o`, with what is kept of these packages, by import path.
   * @param {readonly string[]} packages
   */
  lend(packages) {
    const lent = mkdtempSync(join(this.#scratch, 'binaries-'));
    const put = isReplacedIn(lent) ? linkSync : copyFileSync;
    for (const name of packages) ifPossible(() => put(this.#placeOf(name), join(lent, binaryOf(name))));
    return lent;
  }

  /**
   * Keeps the binary of a package from a folder that was lent, which go is done with.
   * @param {string} lent
   * @param {string} name
   */
  keep(lent, name) {
    ifPossible(() => mkdirSync(this.#folder, { recursive: true }));
    ifPossible(() => renameSync(join(lent, binaryOf(name)), this.#placeOf(name)));
  }

  /**
   * Ends what was lent; of all that is kept, no more stays than there is room for: what was used last.
   * @param {string} lent
   * @param {readonly string[]} packages
   */
  takeBack(lent, packages) {
    for (const name of packages) this.keep(lent, name);
    rmSync(lent, { recursive: true, force: true });
    ifPossible(() => this.#prune());
  }

  /** @param {string} name */
  #placeOf(name) {
    return join(
      this.#folder,
      createHash('sha256')
        .update(JSON.stringify([name, this.#variant]))
        .digest('hex'),
    );
  }

  #prune() {
    const kept = readdirSync(this.#folder).flatMap((name) => {
      const path = join(this.#folder, name);
      const found = statSync(path, { throwIfNoEntry: false }); // go sets the time of one that it need not link.
      return found ? [{ path, size: found.size, mtimeMs: found.mtimeMs }] : [];
    });
    const { bavail, bsize } = statfsSync(this.#folder);
    const free = kept.reduce((sum, { size }) => sum + size, bavail * bsize);
    let room = Math.min(this.#mostBytes, free * SHARE_OF_FREE);
    for (const { path, size } of kept.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
      room -= size;
      if (room < 0) rmSync(path, { force: true });
    }
  }
};

/**
 * go names a binary by the last part of the import path that is no major version.
 * @param {string} name
 */
function binaryOf(name) {
  const isVersion = /^v([2-9]|[1-9]\d+)$/.test(basename(name)) && name.includes('/');
  return `${basename(isVersion ? dirname(name) : name)}.test`;
}
exports.binaryOf = binaryOf;

/**
 * Does go put a new binary in the place of one in this folder? Otherwise it writes into it, and whoever shares it would see half
 * of one.
 * @param {string} folder
 */
function isReplacedIn(folder) {
  const { dev, mode } = statSync(folder);
  const hasSetGroup = (mode & 0o2000) !== 0;
  return !hasSetGroup && dev === statSync(process.env.GOTMPDIR || tmpdir()).dev;
}

/**
 * What cannot be kept is linked anew.
 * @param {() => void} work
 */
function ifPossible(work) {
  try {
    work();
  } catch {
    // It was never kept, another worker has just taken it away, or there is no room.
  }
}
