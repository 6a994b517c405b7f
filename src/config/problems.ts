import { z } from 'zod';
import { clip } from '../core/model/cases.js';
import { nearest } from './nearest.js';
import { RENAMED_KEYS } from './renamed.js';
import { configSchema } from './schema.js';
import { LIST_OF_WORDS } from './value-schemas.js';

type Path = readonly PropertyKey[];

/** Describes each problem of a configuration in one sentence: where it is, what was expected, and what was found. */
export function problemsOf(error: z.ZodError, content: unknown): readonly string[] {
  return error.issues.flatMap((issue) => {
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => unknownKey(issue.path, key));
      case 'invalid_key':
        return [`${placeOf(issue.path.slice(0, -1))} has ${show(issue.path.at(-1))}, which must be ${issue.issues[0]?.message}.`];
      default:
        return [
          `${placeOf(issue.path)} must be ${issue.message}, not ${show(valueAt(content, issue.path))}${hint(issue.message, valueAt(content, issue.path))}.`,
        ];
    }
  });
}

/** `suites.unit.retries`; `suites.unit.include[0]`. */
function placeOf(path: Path): string {
  const place = path.reduce<string>((text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`), '');
  return place === '' ? 'the configuration' : place.replace(/^\./, '');
}

function unknownKey(path: Path, key: string): string {
  const place = placeOf([...path, key]);
  const renamed = RENAMED_KEYS[key];
  if (renamed !== undefined && knownKeys(path).includes(renamed)) return `${place} is now called ${renamed}.`;
  const suggestion = nearest(key, knownKeys(path));
  return suggestion === null ? `${place} is not known here.` : `${place} is not known here; did you mean ${suggestion}?`;
}

/** The keys that the schema allows at this place of a configuration. */
function knownKeys(path: Path): readonly string[] {
  const schema = path.reduce<unknown>((outer, key) => innerOf(bare(outer), key), configSchema);
  return keysOf(bare(schema));
}

function keysOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodUnion ? schema.options.flatMap((option) => keysOf(bare(option))) : [];
}

function innerOf(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return Reflect.get(schema.shape, key);
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** Strips optional, default and nullable wrappers. */
function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? bare(schema.unwrap())
    : schema;
}

function hint(wanted: string, value: unknown): string {
  if (!wanted.startsWith(LIST_OF_WORDS) || typeof value !== 'string') return '';
  return `; it is not run by a shell, so write its words: ${JSON.stringify(value.split(/\s+/).filter((word) => word !== ''))}`;
}

function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    content,
  );
}

const SHOWN_CHARACTERS = 60;

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number') return String(value); // Includes NaN and Infinity.
  return clip(JSON.stringify(value) ?? String(value), SHOWN_CHARACTERS);
}
