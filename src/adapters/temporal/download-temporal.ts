import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { DEFAULTS } from '../../core/defaults.js';
import { CLI_VERSION } from './binary-cache.js';

const Info = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) });

/** Fetches the CLI the way Temporal's SDKs do: its download service names an archive and the file in it. The SDK offers no call for this alone. */
export async function downloadFromTemporal(folder: string, service = 'https://temporal.download'): Promise<string> {
  const query = new URLSearchParams({
    arch: process.arch === 'arm64' ? 'arm64' : 'amd64',
    platform: process.platform,
    format: 'tar.gz',
  });
  const info = Info.parse(await (await firstAnswer(`${service}/cli/v${CLI_VERSION}?${query}`)).json());
  const archive = path.join(folder, 'archive.tar.gz');
  const { body } = await firstAnswer(info.archiveUrl);
  if (body === null) throw new Error('the answer was empty');
  await pipeline(Readable.fromWeb(body), createWriteStream(archive));
  await execa('tar', ['-xzf', archive, '-C', folder, '--', info.fileToExtract]);
  return path.join(folder, info.fileToExtract);
}

/** The answer's head within the time; its body may take longer. */
async function firstAnswer(url: string): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(
    () => patience.abort(new Error(`no answer within ${DEFAULTS.firstAnswerMs} ms`)),
    DEFAULTS.firstAnswerMs,
  );
  try {
    const answer = await fetch(url, { signal: patience.signal });
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    return answer;
  } catch (error) {
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error; // fetch says only that it failed; its cause says why.
  } finally {
    clearTimeout(timer);
  }
}
