// Built from strings, so that no control character appears in this file.
const ESCAPE_SEQUENCE = new RegExp(
  [
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]', // CSI: colours, cursor
    '\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?', // OSC: titles, links
    '\\u001b[PX^_][^\\u001b]*(?:\\u001b\\\\)?', // strings for the device
    '\\u001b[ -/]*[0-~]', // the rest
  ].join('|'),
  'g',
);
/** Control characters other than newline and tab, and Unicode's two extra line separators. */
const CONTROL = /[^\P{Cc}\n\t]|[\u2028\u2029]/gu;

/** Removes escape sequences and control characters from the output of tests. Newlines and tabs stay. */
export function plainText(text: string): string {
  return text.replace(ESCAPE_SEQUENCE, '').replace(/\r\n?/g, '\n').replace(CONTROL, '');
}

/** A name on one line: newlines and other control characters become escapes. */
export function oneLine(name: string): string {
  return name
    .replace(/[\n\t]/g, (found) => (found === '\n' ? '\\n' : '\\t'))
    .replace(CONTROL, (found) => {
      if (found === '\r') return '\\r';
      return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}

/** The lines of a text, without blank ones at the start and end. */
export function linesOf(text: string): string[] {
  const trimmed = plainText(text)
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  return trimmed === '' ? [] : trimmed.split('\n');
}

/** The first line that is not blank; empty when there is none. */
export function firstLine(text: string | null): string {
  return oneLine((linesOf(text ?? '')[0] ?? '').trim());
}
