import type { Options } from './option.js';
import type { Resolved } from './resolve-options.js';
import type { ShownSetting } from './settings.js';

/** Converts resolved options for `holdfast config`, with secrets masked, under their keys in the file. */
export function shownOptions(
  prefix: string,
  options: Options,
  resolved: Readonly<Record<string, Resolved<unknown>>>,
): ShownSetting[] {
  return Object.entries(resolved).flatMap(([name, { value, origin, detail }]) => {
    const option = options[name];
    if (option === undefined || (option.isRare && origin === 'default')) return [];
    return [{ key: `${prefix}${option.key ?? name}`, value: option.shown ? option.shown(value) : value, origin, detail }];
  });
}
