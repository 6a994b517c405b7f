'use strict';
// A cache of go test binaries across calls. If a binary already exists at the path given by `-o`, go relinks it only if its build ID
// would change. Each call gets its binaries in its own folder, so that concurrent calls share none.

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

/** The maximum share of the file system's free space to use. */
const SHARE_OF_FREE = 1 / 4;

exports.GoBinaries = class {
  #folder;
  #mostBytes;
  #scratch;
  #variant;

  /**
   * `scratch`: a folder on the same file system. `variant`: whatever else the binaries depend on, such as flags.
   * @param {{ folder: string, mostBytes: number, scratch: string, variant: unknown }} options
   */
  constructor({ folder, mostBytes, scratch, variant }) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#scratch = scratch;
    this.#variant = variant;
  }

  /**
   * Creates a folder for `-o` with the cached binaries of these packages, given by import path.
   * @param {readonly string[]} packages
   */
  lend(packages) {
    const lent = mkdtempSync(join(this.#scratch, 'binaries-'));
    const place = isReplacedIn(lent) ? linkSync : copyFileSync;
    for (const name of packages) ifPossible(() => place(this.#placeOf(name), join(lent, binaryOf(name))));
    return lent;
  }

  /**
   * Moves a package's binary, which go has finished with, from a lent folder into the cache.
   * @param {string} lent
   * @param {string} name
   */
  keep(lent, name) {
    ifPossible(() => mkdirSync(this.#folder, { recursive: true }));
    ifPossible(() => renameSync(join(lent, binaryOf(name)), this.#placeOf(name)));
  }

  /**
   * Caches the binaries of a lent folder, removes the folder and evicts the least recently used binaries if the cache is too large.
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
      const found = statSync(path, { throwIfNoEntry: false }); // go updates the mtime of a binary that it reuses.
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
 * go names a binary after the last element of the import path that is not a major version.
 * @param {string} name
 */
function binaryOf(name) {
  const isVersion = /^v([2-9]|[1-9]\d+)$/.test(basename(name)) && name.includes('/');
  return `${basename(isVersion ? dirname(name) : name)}.test`;
}
exports.binaryOf = binaryOf;

/**
 * Whether go replaces an existing binary in this folder by renaming. Otherwise it overwrites the file in place, and a hard link to
 * it would see a partial binary.
 * @param {string} folder
 */
function isReplacedIn(folder) {
  const { dev, mode } = statSync(folder);
  const hasSetGroup = (mode & 0o2000) !== 0;
  return !hasSetGroup && dev === statSync(process.env.GOTMPDIR || tmpdir()).dev;
}

/**
 * Ignores errors: a binary that is not cached is linked again.
 * @param {() => void} work
 */
function ifPossible(work) {
  try {
    work();
  } catch {
    // It was not cached, another worker has just evicted it, or the disk is full.
  }
}
