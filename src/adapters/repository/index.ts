import { readCodeowners } from './codeowners.js';
import { digestsOf, sizesOf } from './contents.js';
import { readQuarantine } from './quarantine.js';

export { type Codeowners, compileCodeowners } from './codeowners.js';

/** Reads what the repository says about its tests: quarantine, owners, sizes and content hashes. */
export const repository = { readQuarantine, readCodeowners, digestsOf, sizesOf };
export type Repository = typeof repository;
