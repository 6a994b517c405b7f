import { z } from 'zod';
import type { Cloud } from '../../core/fleet/cloud.js';

/** Requests a path of the metadata service as text; null for 404. Throws for any other error and when there is no response. */
export type Ask = (
  path: string,
  init: { readonly method?: 'PUT'; readonly headers: Readonly<Record<string, string>> },
) => Promise<string | null>;

/** Checks once for a preemption notice. Returns it as a sentence, or null if there is none. */
export type Look = (ask: Ask) => Promise<string | null>;

/** AWS: "Spot Instance interruption notices". IMDSv2 requires a token; IMDSv1 is often disabled. */
const aws: Look = async (ask) => {
  const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = (await ask('/latest/api/token', { method: 'PUT', headers })) ?? '';
  const action = await ask('/latest/meta-data/spot/instance-action', { headers: { 'X-aws-ec2-metadata-token': token } });
  return action === null ? null : `AWS is reclaiming this machine: ${action.trim()}`;
};

/** Google Cloud: "Preemptible VM instances", on detecting preemption. */
const gcp: Look = async (ask) => {
  const preempted = await ask('/computeMetadata/v1/instance/preempted', { headers: { 'Metadata-Flavor': 'Google' } });
  return preempted?.trim() === 'TRUE' ? 'Google Cloud is reclaiming this machine.' : null;
};

const ScheduledEvents = z.object({
  Events: z.array(
    z.object({ EventType: z.string(), Resources: z.array(z.string()).default([]), NotBefore: z.string().default('') }),
  ),
});

/** Azure: "Scheduled Events". The list covers the whole scale set; only events that name this machine count. */
const azure: Look = async (ask) => {
  const headers = { Metadata: 'true' };
  const answer = await ask('/metadata/scheduledevents?api-version=2020-07-01', { headers });
  const { Events } = ScheduledEvents.parse(JSON.parse(answer ?? '{"Events":[]}'));
  const terminations = Events.filter(({ EventType }) => EventType === 'Preempt' || EventType === 'Terminate');
  if (terminations.length === 0) return null;
  const name = await ask('/metadata/instance/compute/name?api-version=2021-02-01&format=text', { headers });
  const [ours] = terminations.filter(({ Resources }) => Resources.includes(name?.trim() ?? ''));
  return ours === undefined ? null : `Azure is reclaiming this machine: ${ours.EventType} ${ours.NotBefore}`.trim();
};

export const LOOKS: Readonly<Record<Cloud, Look>> = { aws, gcp, azure };
