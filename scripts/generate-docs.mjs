// The tables of frameworks in the documentation, from their facts. Run by jiti: it reads the sources.
import { readFile, writeFile } from 'node:fs/promises';
import { PAGES, withTables } from './docs-tables.ts';

for (const page of PAGES) {
  const path = new URL(`../${page}`, import.meta.url);
  await writeFile(path, await withTables(await readFile(path, 'utf8')));
}
