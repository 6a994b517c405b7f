// `npm run bench [-- startup overhead makespan large]`: prints the figures of docs/benchmarks.md as a table. HOLDFAST_BENCH_TIMES: repeats, 5.
// HOLDFAST_BENCH_DATABASE_URL: an empty PostgreSQL, to measure the memory of a control worker that keeps its results there.
import { benchMakespan } from './makespan.mjs';
import { machine, rows } from './measure.mjs';
import { benchLarge, benchOverhead } from './overhead.mjs';
import { benchStartup } from './startup.mjs';

const BENCHES = { startup: benchStartup, overhead: benchOverhead, large: benchLarge, makespan: benchMakespan };
const times = Number(process.env.HOLDFAST_BENCH_TIMES || 5);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);

console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}`);
for (const name of wanted) await BENCHES[name](times);

console.log('\n| what | must | measured |\n|---|---|---|');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
