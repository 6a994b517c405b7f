import { z } from 'zod';
import type { Option, Options, ValueOf } from './option.js';
import { RUN_OPTIONS } from './run-options.js';
import { SUITE_OPTIONS } from './suite-options.js';
import { amounts, safeName } from './value-schemas.js';
import { WORKER_OPTIONS } from './worker-options.js';

type ShapeOf<O> = { readonly [K in keyof O]: z.ZodOptional<z.ZodType<ValueOf<O[K]>>> };

/** The schema of an option's key in the file, with the description that editors show. */
function keyOf<T>({ schema, about, defaultText, default: value }: Option<T>): z.ZodOptional<z.ZodType<T>> {
  return schema.meta({ description: about, ...(defaultText === undefined && value !== null && { default: value }) }).optional();
}

function shapeOf<O extends Options>(options: O): ShapeOf<O> {
  const entries = Object.entries(options).map(([name, option]) => [name, keyOf(option)] as const);
  return Object.fromEntries(entries) as ShapeOf<O>; // Each key has its own option's schema; a mapped type needs the cast.
}

/** One suite of the configuration file. */
export const suiteSchema = z.strictObject(shapeOf(SUITE_OPTIONS), 'an object');

const SUITE_NAME = 'a name of letters, digits, -, _ and . (no slash)';

/** The configuration file. */
export const configSchema = z.strictObject(
  {
    $schema: z.string('a string').optional(),
    suites: z
      .record(safeName(SUITE_NAME), suiteSchema, 'an object of suites by name')
      .refine((suites) => Object.keys(suites).length > 0, 'an object of at least one suite')
      .meta({
        description:
          'Suites by name. Absent: what the project’s own test script calls, or one suite, named after the framework found.',
      })
      .optional(),
    worker: z
      .strictObject(shapeOf({ slots: RUN_OPTIONS.slots, shutdownGraceMs: WORKER_OPTIONS.shutdownGraceMs }), 'an object')
      .optional(),
    resources: amounts
      .meta({ description: 'Capacities of the named resources in rules, shared by all runs of the installation.' })
      .optional(),
    queuePrefix: keyOf(RUN_OPTIONS.queuePrefix),
    idleMs: keyOf(RUN_OPTIONS.idleMs),
  },
  'an object with suites',
);

export type SuiteConfig = z.output<typeof suiteSchema>;
export type HoldfastConfig = z.output<typeof configSchema>;
