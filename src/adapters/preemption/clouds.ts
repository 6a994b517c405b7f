import { z } from 'zod';
import type { Cloud } from '../../core/fleet/cloud.js';

/** Asks for a text below the service's address; null for 404. Throws when nobody answers, or with an error. */
export type Ask = (
  path: string,
  init: { readonly method?: 'PUT'; readonly headers: Readonly<Record<string, string>> },
) => Promise<string | null>;

/** Asks once whether this machine is about to be taken away: why, in a sentence, or null. */
export type Look = (ask: Ask) => Promise<string | null>;

/** AWS: "Spot Instance interruption notices"; version 2 of the service wants a token, version 1 is often switched off. */
const aws: Look = async (ask) => {
  const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = (await ask('/latest/api/token', { method: 'PUT', headers })) ?? '';
  const action = await ask('/latest/meta-data/spot/instance-action', { headers: { 'X-aws-ec2-metadata-token': token } });
  return action === null ? null : `AWS takes this machine away: ${action.trim()}`;
};

/** Google Cloud: "Preemptible VM instances", detecting a preemption. */
const gcp: Look = async (ask) => {
  const preempted = await ask('/computeMetadata/v1/instance/preempted', { headers: { 'Metadata-Flavor': 'Google' } });
  return preempted?.trim() === 'TRUE' ? 'Google Cloud takes this machine away.' : null;
};

const ScheduledEvents = z.object({
  Events: z.array(
    z.object({ EventType: z.string(), Resources: z.array(z.string()).default([]), NotBefore: z.string().default('') }),
  ),
});

/** Azure: "Scheduled Events". They are those of a whole scale set; ours are those that name this machine. */
const azure: Look = async (ask) => {
  const headers = { Metadata: 'true' };
  const answer = await ask('/metadata/scheduledevents?api-version=2020-07-01', { headers });
  const { Events } = ScheduledEvents.parse(JSON.parse(answer ?? '{"Events":[]}'));
  const ends = Events.filter(({ EventType }) => EventType === 'Preempt' || EventType === 'Terminate');
  if (ends.length === 0) return null;
  const name = await ask('/metadata/instance/compute/name?api-version=2021-02-01&format=text', { headers });
  const [ours] = ends.filter(({ Resources }) => Resources.includes(name?.trim() ?? ''));
  return ours === undefined ? null : `Azure takes this machine away: ${ours.EventType} ${ours.NotBefore}`.trim();
};

export const LOOKS: Readonly<Record<Cloud, Look>> = { aws, gcp, azure };
