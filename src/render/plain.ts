// Built from strings: control characters stand for themselves in no source file.
const ESCAPE_SEQUENCE = new RegExp(
  [
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]', // CSI: colours, cursor
    '\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?', // OSC: titles, links
    '\\u001b[PX^_][^\\u001b]*(?:\\u001b\\\\)?', // strings for the device
    '\\u001b[ -/]*[0-~]', // the rest
  ].join('|'),
  'g',
);
/** Control characters other than newline and tab, and the two line ends that only Unicode knows. */
const CONTROL = /[^\P{Cc}\n\t]|[\u2028\u2029]/gu;

/** A text of the tests without what could move a cursor, colour a line or ring a bell. Lines and tabs stay. */
export function plainText(text: string): string {
  return text.replace(ESCAPE_SEQUENCE, '').replace(/\r\n?/g, '\n').replace(CONTROL, '');
}

/** A name on one line: a newline or another control character in it is shown as its escape. */
export function oneLine(name: string): string {
  return name
    .replace(/[\n\t]/g, (found) => (found === '\n' ? '\\n' : '\\t'))
    .replace(CONTROL, (found) => {
      if (found === '\r') return '\\r';
      return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}

/** The lines of a text that say something: no blank ones at its ends. */
export function linesOf(text: string): string[] {
  const trimmed = plainText(text)
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  return trimmed === '' ? [] : trimmed.split('\n');
}

/** The first line that says something, on one line; empty when there is none. */
export function firstLine(text: string | null): string {
  return oneLine((linesOf(text ?? '')[0] ?? '').trim());
}
