/** Where text for people goes. `columns` and `rows` are read at each redraw, so that a resize takes effect. */
export type Terminal = {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
  readonly isTTY: boolean;
  readonly colors: boolean;
  /** Whether it can show more than ASCII. */
  readonly unicode: boolean;
};

/** What a terminal can display. */
export type Display = Pick<Terminal, 'colors' | 'unicode'>;
