/** The last part of a text, from the beginning of a line where one begins in it; about so many bytes, counted as characters. */
export function tailOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = text.slice(-limit);
  const line = tail.indexOf('\n');
  return line >= 0 && line < tail.length - 1 ? tail.slice(line + 1) : tail;
}
