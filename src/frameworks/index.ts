export { detectFramework } from './detect.js';
export { type ListTestFiles, listTestFiles } from './list-test-files.js';
export { frameworkOf } from './registry.js';
