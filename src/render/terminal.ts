/** Where text for people goes. `columns` and `rows` are read at each drawing, so that a resize is followed. */
export type Terminal = {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
  readonly isTTY: boolean;
  readonly colors: boolean;
  /** Can it show more than ASCII? */
  readonly unicode: boolean;
};

/** What a text must know of its terminal. */
export type Display = Pick<Terminal, 'colors' | 'unicode'>;
