import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CODE_COLUMN = 'in the code';

type Export = { readonly file: string; readonly name: string; readonly isType: boolean };
type Entry = { readonly word: string; readonly names: readonly string[] };

const exported = await readExports();
const entries = entriesIn(await readFile(path.join(ROOT, 'docs/glossary.md'), 'utf8'));
const named = new Set(entries.flatMap(({ names }) => names));

test('the glossary and the code were read', () => {
  expect(entries.length).toBeGreaterThan(50);
  expect(exported.filter(isOfTheModel).length).toBeGreaterThan(100);
});

test('the glossary names every exported type of core and workflows', () => {
  const missing = exported.filter((one) => isOfTheModel(one) && !named.has(one.name));
  expect(
    missing.map(
      ({ name, file }) => `${name} (src/${file}): name it in docs/glossary.md, in the entry of its concept or in a new one`,
    ),
  ).toEqual([]);
});

test('the glossary names nothing that the code does not export', () => {
  const known = new Set(exported.map(({ name }) => name));
  const gone = entries.flatMap(({ word, names }) => names.filter((name) => !known.has(name)).map((name) => ({ word, name })));
  expect(
    gone.map(({ word, name }) => `${name}: src exports nothing of this name; correct the entry "${word}" in docs/glossary.md`),
  ).toEqual([]);
});

test('the glossary names each type in one entry', () => {
  const repeated = [...named].flatMap((name) => {
    const words = entries.flatMap(({ word, names }) => names.filter((one) => one === name).map(() => word));
    return words.length > 1 ? [{ name, words }] : [];
  });
  expect(
    repeated.map(({ name, words }) => `${name}: keep it in one of these entries of docs/glossary.md: ${words.join('; ')}`),
  ).toEqual([]);
});

test('the glossary explains each word once', () => {
  const words = entries.map(({ word }) => word);
  expect(
    words
      .filter((word, index) => words.indexOf(word) !== index)
      .map((word) => `${word}: merge its entries in docs/glossary.md, or give them different words`),
  ).toEqual([]);
});

function isOfTheModel({ file, isType }: Export): boolean {
  return isType && /^(core|workflows)\//.test(file);
}

/** Everything that a module of `src` declares and exports. */
async function readExports(): Promise<Export[]> {
  const cwd = path.join(ROOT, 'src');
  const found = await Promise.all(
    (await glob('**/*.ts', { cwd })).map(async (file) => {
      const source = ts.createSourceFile(file, await readFile(path.join(cwd, file), 'utf8'), ts.ScriptTarget.Latest);
      const isType = (statement: ts.Statement) =>
        ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement);
      return source.statements
        .filter((statement) => ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport))
        .flatMap((statement) => namesOf(statement).map((name) => ({ file, name, isType: isType(statement) })));
    }),
  );
  return found.flat();
}

function isExport({ kind }: ts.Modifier): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  if (
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement)
  )
    return statement.name === undefined ? [] : [statement.name.text];
  return [];
}

/** The rows of the glossary's tables, without their headers. */
function entriesIn(page: string): Entry[] {
  const rows = page.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('| --- |'));
  return rows.flatMap((row) => {
    const [, word = '', , code = '', ...end] = row.split('|').map((cell) => cell.trim());
    if (end.length !== 1)
      throw new Error(`Give this row of docs/glossary.md three cells: a word, what it means, its names in the code.\n${row}`);
    return code === CODE_COLUMN ? [] : [{ word, names: [...code.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '') }];
  });
}
