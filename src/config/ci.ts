/** What a CI says of the job that runs now. */
export type CiIdentity = {
  /** The same for each attempt of one job of one pipeline; a safe run id. */
  readonly id: string;
  /** From 1; 1 where the CI does not tell. */
  readonly attempt: number;
  readonly commit: string | null;
};
