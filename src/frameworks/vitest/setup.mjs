// Which file this process of vitest is in: its session is asked for several at once.
import { relative } from 'node:path';

const { filepath } = globalThis.__vitest_worker__ ?? {};
if (filepath) process.env.HOLDFAST_FILE = relative(process.cwd(), filepath);
