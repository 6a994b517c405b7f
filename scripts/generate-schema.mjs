// The JSON Schema of the configuration, for editors, from the schema that checks it. After tsc: it reads dist.
import { writeFile } from 'node:fs/promises';
import { configJsonSchema } from '../dist/config/json-schema.js';

await writeFile(new URL('../schema/holdfast.config.schema.json', import.meta.url), configJsonSchema());
