import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { watchForNotice } from '../../src/adapters/preemption/index.js';
import type { Cloud } from '../../src/core/fleet/cloud.js';
import { until } from '../support/until.js';

/** `status body`, or just a body. */
type Answer = (request: IncomingMessage) => { readonly status?: number; readonly body?: string };

/** A real cloud is asked every other second. */
const INTERVAL_MS = 10;

let server: Server | undefined;
afterEach(() => server?.close());

/** A metadata service of this machine, as a cloud has one. */
async function startService(answer: Answer): Promise<string> {
  const started = createServer((request, response) => {
    const { status = 200, body = '' } = answer(request);
    response.writeHead(status).end(body);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** Services that say, by `isTaken`, whether the machine stays, and refuse what the real ones refuse. */
const SERVICES: Readonly<Record<Cloud, (isTaken: () => boolean) => Answer>> = {
  aws:
    (isTaken) =>
    ({ method, url, headers }) => {
      if (url === '/latest/api/token') return method === 'PUT' ? { body: 'secret' } : { status: 405 };
      if (headers['x-aws-ec2-metadata-token'] !== 'secret') return { status: 401 };
      if (url !== '/latest/meta-data/spot/instance-action' || !isTaken()) return { status: 404 };
      return { body: '{"action": "terminate", "time": "2026-11-23T08:22:00Z"}' };
    },
  gcp:
    (isTaken) =>
    ({ url, headers }) => {
      if (headers['metadata-flavor'] !== 'Google') return { status: 403 };
      return url === '/computeMetadata/v1/instance/preempted' ? { body: isTaken() ? 'TRUE' : 'FALSE' } : { status: 404 };
    },
  azure:
    (isTaken) =>
    ({ url = '', headers }) => {
      if (headers.metadata !== 'true') return { status: 400 };
      if (url.startsWith('/metadata/instance/compute/name?')) return { body: 'ours' };
      if (!url.startsWith('/metadata/scheduledevents?')) return { status: 404 };
      const events = [
        { EventType: 'Reboot', Resources: ['ours'] },
        { EventType: 'Preempt', Resources: ['another'] },
        ...(isTaken() ? [{ EventType: 'Preempt', Resources: ['ours'], NotBefore: 'Mon, 23 Nov 2026 18:29:47 GMT' }] : []),
      ];
      return { body: JSON.stringify({ DocumentIncarnation: 1, Events: events }) };
    },
};

describe.each(Object.entries(SERVICES))('%s', (name, service) => {
  const cloud = name as Cloud;

  test('says nothing until the machine is taken', async () => {
    let isTaken = false;
    let questions = 0;
    const lines: string[] = [];
    let notice = '';
    const answer = service(() => isTaken);
    const url = await startService((request) => {
      questions += 1;
      return answer(request);
    });
    void watchForNotice(cloud, { url, log: (line) => lines.push(line), intervalMs: INTERVAL_MS }).then((text) => {
      notice = text;
    });
    await until('it was asked again and again', () => questions >= 6); // At most two questions a time.
    expect({ notice, lines }).toEqual({ notice: '', lines: [] });
    isTaken = true;
    await until('the notice is seen', () => notice !== '');
    expect(notice).toMatch(/is reclaiming this machine/);
  });

  test('a service that fails is told of once, and asked again', async () => {
    let failures = 0;
    const lines: string[] = [];
    const answer = service(() => true);
    const url = await startService((request) => {
      if (failures === 3) return answer(request);
      failures += 1;
      return { status: 500 };
    });
    const notice = watchForNotice(cloud, { url, log: (line) => lines.push(line), intervalMs: INTERVAL_MS });
    expect(await notice).toMatch(/is reclaiming this machine/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/cannot be polled for preemption notices: .* returned status 500\./);
  });
});

test('where no service answers at all, one line says so', async () => {
  const lines: string[] = [];
  void watchForNotice('gcp', { url: 'http://127.0.0.1:1', log: (line) => lines.push(line) });
  await until('it is told', () => lines.length > 0);
  expect(lines[0]).toMatch(/The metadata service at http:\/\/127\.0\.0\.1:1 cannot be polled/);
});
