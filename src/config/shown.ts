import type { OptionSpec } from './option.js';
import type { Resolved } from './resolve-options.js';
import type { ShownSetting } from './settings.js';

type Shape = Readonly<Record<string, Pick<OptionSpec<unknown, never>, 'file' | 'isSecret'>>>;

/** Resolved options as `holdfast config` prints them, secrets masked. An option of the file bears its name there. */
export function shownOptions(
  prefix: string,
  options: Shape,
  resolved: Readonly<Record<string, Resolved<unknown>>>,
): ShownSetting[] {
  return Object.entries(resolved).map(([name, { value, origin, detail }]) => {
    const option = options[name];
    const masked = option?.isSecret && value !== null ? MASK : value;
    return { key: `${prefix}${option?.file?.key ?? name}`, value: masked, origin, detail };
  });
}

/** Stands for a value that is never shown. */
export const MASK = '***';
