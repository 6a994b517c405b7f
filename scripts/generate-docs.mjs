// Generates the tables of frameworks in the documentation from the table of facts. Run with jiti, because it imports the sources.
import { readFile, writeFile } from 'node:fs/promises';
import { PAGES, withTables } from './docs-tables.ts';

for (const page of PAGES) {
  const path = new URL(`../${page}`, import.meta.url);
  await writeFile(path, await withTables(await readFile(path, 'utf8')));
}
