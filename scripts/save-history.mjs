// Saves the history of a run or of one of its batches for test/replay: node scripts/save-history.mjs <address> <workflow id> <name>
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

const [address, workflowId, name] = process.argv.slice(2);
if (!name) throw new Error('usage: node scripts/save-history.mjs <address> <workflow id> <name>');
const connection = await Connection.connect({ address });
const history = await new Client({ connection }).workflow.getHandle(workflowId).fetchHistory();
const { History } = proto.temporal.api.history.v1;
await writeFile(new URL(`../test/replay/${name}.history.gz`, import.meta.url), gzipSync(History.encode(history).finish()));
console.log(`${name}: ${history.events?.length ?? 0} events`);
await connection.close();
