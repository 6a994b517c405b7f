export { metadataUrlOf } from './metadata-url.js';
export { watchForNotice } from './watch.js';
