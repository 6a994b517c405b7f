import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = path.resolve(import.meta.dirname, '../..');

const Service = z.object({
  image: z.string(),
  user: z.string().optional(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
});
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) });

/** docker-compose.yml as it is written: variables stand in it. */
export const { services, volumes } = Compose.parse(
  parse(await readFile(path.join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }),
);

/** One service as it is written. Throws when there is none of this name. */
export const serviceOf = (name: string) => Service.parse(services[name]);

/** A text of the file where no variable is set: each stands for its default. */
export const withDefaults = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
