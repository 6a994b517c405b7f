/** Search attributes of a run, all keywords. Temporal's Web UI and `holdfast list` filter by them. */
export const SEARCH_ATTRIBUTES = {
  suite: 'HoldfastSuite',
  run: 'HoldfastRun',
  status: 'HoldfastStatus',
  owner: 'HoldfastOwner',
  commit: 'HoldfastCommit',
} as const;
