import { z } from 'zod';
import { configSchema } from './schema.js';

/** The text of schema/holdfast.config.schema.json, by which editors complete and check a configuration. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }); // Editors know draft 7 best.
  return `${JSON.stringify({ $id: 'holdfast.config.schema.json', title: 'Holdfast configuration', ...schema }, null, 2)}\n`;
}
