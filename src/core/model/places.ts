type RunOfSuite = { readonly suite: string; readonly runId: string };

/** Places in the object store, as parts of a key. */
export const reportPlace = ({ suite, runId }: RunOfSuite): readonly string[] => ['runs', suite, runId, 'report.json'];

const RAW_COVERAGE = 'coverage';
/** The raw coverage of a run, and that of all runs of a suite. */
export const coveragePlace = ({ suite, runId }: RunOfSuite): readonly string[] => [RAW_COVERAGE, suite, runId];
export const coverageOfSuite = (suite: string): readonly string[] => [RAW_COVERAGE, suite];
/** Whether there is raw coverage at an address. */
export const isRawCoverage = (address: string): boolean => address.startsWith(`${RAW_COVERAGE}/`);
