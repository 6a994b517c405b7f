import type { HoldfastConfig } from './schema.js';

export type { HoldfastConfig, SuiteConfig } from './schema.js';

/** Types a `holdfast.config.ts` while it is written. Returns what it is given; it is checked when it is loaded. */
export function defineConfig(config: HoldfastConfig): HoldfastConfig {
  return config;
}
