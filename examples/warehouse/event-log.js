import { appendFile, readFile } from 'node:fs/promises';

/** What happened to the goods, one line of JSON for each event. The state is what the events add up to. */
export class EventLog {
  #path;

  constructor(path) {
    this.#path = path;
  }

  append(event) {
    return appendFile(this.#path, `${JSON.stringify(event)}\n`);
  }

  /** Applies all events, oldest first. A last line that a crash has cut off never happened. */
  async replay(apply, state) {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line)).reduce(apply, state);
  }
}

/** Quantities by sku. */
export function applyMovement(quantities, { sku, by }) {
  return { ...quantities, [sku]: (quantities[sku] ?? 0) + by };
}
