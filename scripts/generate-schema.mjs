// Generates the JSON Schema of the configuration, for editors, from the schema that checks it. Run with jiti, because it imports the sources.
import { writeFile } from 'node:fs/promises';
import { configJsonSchema } from '../src/config/json-schema.ts';

await writeFile(new URL('../schema/holdfast.config.schema.json', import.meta.url), configJsonSchema());
