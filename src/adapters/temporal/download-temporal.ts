import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { DEFAULTS } from '../../core/defaults.js';
import { CLI_VERSION } from './binary-cache.js';

const Info = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) });

/** Downloads the CLI as Temporal's SDKs do, which have no public API for it: the download service names an archive and the file in it. */
export async function downloadFromTemporal(folder: string, service = 'https://temporal.download'): Promise<string> {
  const query = new URLSearchParams({
    arch: process.arch === 'arm64' ? 'arm64' : 'amd64',
    platform: process.platform,
    format: 'tar.gz',
  });
  const info = Info.parse(await (await firstAnswer(`${service}/cli/v${CLI_VERSION}?${query}`)).json());
  const archive = path.join(folder, 'archive.tar.gz');
  const { body } = await firstAnswer(info.archiveUrl);
  if (body === null) throw new Error('the response was empty');
  await pipeline(Readable.fromWeb(body), createWriteStream(archive));
  await execa('tar', ['-xzf', archive, '-C', folder, '--', info.fileToExtract]);
  return path.join(folder, info.fileToExtract);
}

/** Fetches a URL. The response must begin within the time limit; its body may take longer. */
async function firstAnswer(url: string): Promise<Response> {
  const giveUp = new AbortController();
  const timer = setTimeout(
    () => giveUp.abort(new Error(`no answer within ${DEFAULTS.firstAnswerMs} ms`)),
    DEFAULTS.firstAnswerMs,
  );
  try {
    const response = await fetch(url, { signal: giveUp.signal });
    if (!response.ok) throw new Error(`the response status was ${response.status}`);
    return response;
  } catch (error) {
    // fetch only says that it failed; the cause says why.
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  } finally {
    clearTimeout(timer);
  }
}
