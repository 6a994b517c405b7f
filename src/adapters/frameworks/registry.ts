import type { FrameworkName } from '../../core/suite.js';
import { command } from './command.js';
import type { Framework } from './framework.js';
import { go } from './go.js';
import { jest } from './jest.js';
import { mocha } from './mocha.js';
import { nodeTest } from './node-test.js';
import { playwright } from './playwright.js';
import { pytest } from './pytest.js';
import { vitest } from './vitest.js';

const ADAPTERS: Readonly<Record<FrameworkName, Framework>> = {
  vitest,
  jest,
  mocha,
  node: nodeTest,
  playwright,
  pytest,
  go,
  command,
};

/** All that Holdfast knows of this framework. */
export function frameworkOf(name: FrameworkName): Framework {
  return ADAPTERS[name];
}
