import { readFile } from 'node:fs/promises';
import { TextDecoder } from 'node:util';

const DECLARED = /^<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/;

/** The text of a report; null if there is none. In the encoding of its byte order mark, of its XML declaration, or UTF-8. */
export async function readReportText(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes && decoderFor(bytes).decode(bytes);
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
