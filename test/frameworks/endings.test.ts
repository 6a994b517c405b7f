import { describe, expect, test } from 'vitest';
import { readAbouts } from '../../scripts/docs-tables.js';
import { ENDINGS as DESCRIPTIONS, type Ending } from '../../src/frameworks/about.js';
import { frameworkOf } from '../../src/frameworks/index.js';
import { ENDINGS } from '../support/endings.js';
import { pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, coldOnce, inOneDispatch, running, shape } from '../support/run-warm.js';

const abouts = await readAbouts();

describe.each(ENDINGS)('$name', ({ name, file, texts, others }) => {
  test('what is around the cases is judged as documented, in processes side by side and in one that is kept', async () => {
    const documented = abouts.get(name)?.endings ?? {};
    const endings = (Object.keys(DESCRIPTIONS) as Ending[]).filter((ending) => ending in documented);
    const files = Object.fromEntries(endings.map((ending) => [file(ending), texts[ending]]));
    const cwd = await temporaryProject({ ...others, ...files });
    const env: Record<string, string> = name === 'pytest' ? { VIRTUAL_ENV: await pytestEnvironment() } : {};
    const alone = coldOnce();
    const runAlone = running(cwd, alone, frameworkOf(name), { env });
    const cold = await Promise.all(endings.map((ending) => runAlone(file(ending))));
    const worker = aWarmWorker({ alone }); // What it does not believe has the result of the process that was its own.
    const kept = await inOneDispatch(running(cwd, worker, frameworkOf(name), { env }), endings.map(file));
    await worker.close();

    const judged = endings.map((ending) => [ending, [documented[ending]].flat()[0]]);
    expect(cold.map(({ end }, index) => [endings[index], end.kind])).toEqual(judged);
    const casesOf = (runs: typeof cold) => runs.map((run, index) => [endings[index], shape(run).kind, shape(run).names]);
    expect(casesOf(kept)).toEqual(casesOf(cold));
  });
});
