const SECOND_MS = 1_000;

/**
 * Clouds that announce to a machine that they are about to take it: where, unless told otherwise, and how long before.
 * Source: "Spot Instance interruption notices" (AWS), "Preemptible VM instances" (Google Cloud), "Scheduled Events" (Azure).
 */
export const CLOUDS = {
  aws: { url: 'http://169.254.169.254', graceMs: 120 * SECOND_MS },
  gcp: { url: 'http://metadata.google.internal', graceMs: 30 * SECOND_MS },
  azure: { url: 'http://169.254.169.254', graceMs: 30 * SECOND_MS },
} as const;
export type Cloud = keyof typeof CLOUDS;
