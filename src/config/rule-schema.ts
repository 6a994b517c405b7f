import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { amounts, count, flag, milliseconds, safeName, text } from './value-schemas.js';

/** A rule of a suite: settings for files that match a glob. */
export const ruleSchema = z
  .strictObject(
    {
      files: text.meta({ description: 'Glob, relative to cwd.' }),
      timeoutMs: milliseconds(1, DEFAULTS.longestTimeoutMs).meta({ description: 'Longest that one attempt may run.' }).optional(),
      retries: count(0).meta({ description: 'Retries when red.' }).optional(),
      priority: z.literal('first', '"first"').meta({ description: 'Before all other files.' }).optional(),
      serial: safeName('a name of letters, digits, -, _ and .')
        .meta({ description: 'Name of a serial group: two files of a group never run at the same time, in any run.' })
        .optional(),
      slots: count(1).meta({ description: 'Slots of one worker that the file takes.', default: 1 }).optional(),
      memoryMb: count(1, DEFAULTS.largestMemoryMb)
        .meta({ description: 'Memory that the file needs: it takes as many slots of a worker as hold that much.' })
        .optional(),
      resources: amounts.meta({ description: 'Permits of named resources that the file holds while it runs.' }).optional(),
      overlap: flag
        .meta({ description: 'false: never run it twice at once, so no speculative attempt and no parts.', default: true })
        .optional(),
      needs: z
        .array(text, 'a list of paths')
        .meta({
          description: 'Paths of files that run before it in the same process, in this order; only its own cases are its result.',
        })
        .optional(),
      splitOverMs: milliseconds(1)
        .meta({ description: 'A file that is expected to take longer runs in parts, if the framework can select cases.' })
        .optional(),
    },
    'an object',
  )
  .refine((rule) => Object.keys(rule).length > 1, 'a rule with a setting besides its files');
