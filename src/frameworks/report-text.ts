import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { DEFAULTS } from '../core/defaults.js';

const DECLARED = /^<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/;
const MIB = 1_024 * 1_024;

export type Report =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' }
  /** Something is there, but the worker must not read it: `reason` says why, after "Its report cannot be read:". */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Reads a report, in the encoding of its byte order mark, of its XML declaration, or UTF-8. A pipe or a device, which may never end, is
 * refused, and so is a file that is too large.
 */
export async function readReport(path: string): Promise<Report> {
  // Without O_NONBLOCK, to open a pipe that nobody writes to takes for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return { kind: 'none' };
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { kind: 'refused', reason: 'it is no regular file.' };
    if (stats.size > DEFAULTS.reportBytes)
      return { kind: 'refused', reason: `it has ${Math.ceil(stats.size / MIB)} MiB, more than ${DEFAULTS.reportBytes / MIB}.` };
    const bytes = await file.readFile();
    return { kind: 'text', text: decoderFor(bytes).decode(bytes) };
  } finally {
    await file.close();
  }
}

/** The text of a report; null if there is none. Throws the reason for which it was refused. */
export function textOf(report: Report): string | null {
  if (report.kind === 'refused') throw new Error(report.reason);
  return report.kind === 'text' ? report.text : null;
}

function decoderFor(bytes: Buffer): TextDecoder {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  const [, declared = 'utf-8'] = DECLARED.exec(bytes.toString('latin1', 0, 200)) ?? [];
  try {
    return new TextDecoder(/utf-?16/i.test(declared) ? 'utf-8' : declared); // Readable byte by byte, it is not UTF-16.
  } catch {
    return new TextDecoder(); // An encoding that nobody knows.
  }
}
