import { readCodeowners } from './codeowners.js';
import { digestsOf, sizesOf } from './contents.js';
import { readQuarantine } from './quarantine.js';

export { type Codeowners, compileCodeowners } from './codeowners.js';

/** What is read of the repository that tests belong to, beside the tests. */
export const repository = { readQuarantine, readCodeowners, digestsOf, sizesOf };
export type Repository = typeof repository;
