import type { HoldfastConfig } from './schema.js';

export type { HoldfastConfig, SuiteConfig } from './schema.js';

/** Gives a `holdfast.config.ts` its type in editors. Returns its argument; validation happens on loading. */
export function defineConfig(config: HoldfastConfig): HoldfastConfig {
  return config;
}
