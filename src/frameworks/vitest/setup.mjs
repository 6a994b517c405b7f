// Sets HOLDFAST_FILE to the file that this vitest process runs, since an order may contain several.
import { relative } from 'node:path';

const { __vitest_worker__: worker } = /** @type {{ __vitest_worker__?: { filepath?: string } }} */ (globalThis);
if (worker?.filepath) process.env.HOLDFAST_FILE = relative(process.cwd(), worker.filepath);
