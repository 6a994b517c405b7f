// Which file this process of vitest is in: its session is asked for several at once.
import { relative } from 'node:path';

const { __vitest_worker__: worker } = /** @type {{ __vitest_worker__?: { filepath?: string } }} */ (globalThis);
if (worker?.filepath) process.env.HOLDFAST_FILE = relative(process.cwd(), worker.filepath);
