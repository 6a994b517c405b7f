import { totalmem } from 'node:os';

const MB = 2 ** 20;

/** Memory that this process and its children may use, in MB: the machine's, or what its control group leaves of it. */
export function memoryMb(): number {
  const constrained = process.constrainedMemory(); // 0, or beyond all machines, where nothing constrains it.
  return Math.floor((constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()) / MB);
}
