import type { FrameworkName } from '../core/model/frameworks.js';
import { command } from './command/adapter.js';
import type { Framework } from './framework.js';
import { go } from './go/adapter.js';
import { jest } from './jest/adapter.js';
import { junit } from './junit/adapter.js';
import { mocha } from './mocha/adapter.js';
import { nodeTest } from './node/adapter.js';
import { playwright } from './playwright/adapter.js';
import { pytest } from './pytest/adapter.js';
import { rspec } from './rspec/adapter.js';
import { unittest } from './unittest/adapter.js';
import { vitest } from './vitest/adapter.js';

const ADAPTERS: Readonly<Record<FrameworkName, Framework>> = {
  vitest,
  jest,
  mocha,
  node: nodeTest,
  playwright,
  pytest,
  unittest,
  go,
  rspec,
  junit,
  command,
};

/** The adapter for a framework. */
export function frameworkOf(name: FrameworkName): Framework {
  return ADAPTERS[name];
}
