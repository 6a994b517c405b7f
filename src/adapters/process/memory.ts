import { totalmem } from 'node:os';

const MB = 2 ** 20;

/** Memory in MB that this process and its children may use: the machine's, or the limit of its control group. */
export function memoryMb(): number {
  const constrained = process.constrainedMemory(); // 0 or absurdly large if unconstrained.
  return Math.floor((constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()) / MB);
}
