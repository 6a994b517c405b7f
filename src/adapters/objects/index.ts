export { type ClaimChecks, createClaimChecks } from './claim-checks.js';
export { openFolder } from './folder.js';
export { objectKey } from './object-key.js';
export type { ObjectStore } from './object-store.js';
export { openObjects } from './open.js';
