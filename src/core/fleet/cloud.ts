const SECOND_MS = 1_000;

/**
 * Clouds that announce preemption to a machine: default address of the metadata service, and how far ahead the notice comes.
 * Sources: "Spot Instance interruption notices" (AWS), "Preemptible VM instances" (Google Cloud), "Scheduled Events" (Azure).
 */
export const CLOUDS = {
  aws: { url: 'http://169.254.169.254', graceMs: 120 * SECOND_MS },
  gcp: { url: 'http://metadata.google.internal', graceMs: 30 * SECOND_MS },
  azure: { url: 'http://169.254.169.254', graceMs: 30 * SECOND_MS },
} as const;
export type Cloud = keyof typeof CLOUDS;
