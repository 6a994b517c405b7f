import { z } from 'zod';
import { configSchema } from './schema.js';

/** The text of schema/holdfast.config.schema.json, which editors use for completion and validation. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }); // Draft 7 has the best editor support.
  return `${JSON.stringify({ $id: 'holdfast.config.schema.json', title: 'Holdfast configuration', ...schema }, null, 2)}\n`;
}
