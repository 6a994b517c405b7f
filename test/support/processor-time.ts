/** The processor time that this process spends on some work, in ms. Unlike the time on the clock it stays the same on a busy machine. */
export function processorMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
