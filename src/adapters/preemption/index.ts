export { watchForNotice } from './watch.js';
