export interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** Takes what room is left, and is cut when there is none. */
  readonly flexible?: boolean;
}

const GAP = '  ';
const LEAST_FLEXIBLE = 8;

/** Terminal cells of a text: wide (East Asian, emoji) characters take two, combining marks none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text))
    width +=
      /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        segment,
      )
        ? 2
        : 1;
  return width;
}

/** Cuts a text to a number of cells, with an ellipsis. Line feeds and control characters (titles come from file names) become spaces. */
export function fit(text: string, width: number): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  if (textWidth(clean) <= width) return clean;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(clean)) {
    if (textWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Breaks a text into lines of at most `width` cells, each indented by so many spaces. */
export function wrap(text: string, indent: number, width: number): string {
  const lines: string[] = [];
  for (const word of fit(text, Number.POSITIVE_INFINITY).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`) <= width - indent)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(fit(word, width - indent));
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n');
}

/** A plain table that fits a number of columns of the terminal, the header first. Rows hold one text per column. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[], width = 100): string {
  const widest = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...rows.map((row) => textWidth(fit(row[index] ?? '', 1000)))),
  );
  const flexible = columns.findIndex((column) => column.flexible);
  const total = widest.reduce((sum, cells) => sum + cells, 0) + GAP.length * (columns.length - 1);
  if (flexible >= 0 && total > width)
    widest[flexible] = Math.max(LEAST_FLEXIBLE, (widest[flexible] ?? 0) - (total - width));
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => {
        const room = widest[index] ?? 0;
        const text = fit(cells[index] ?? '', room);
        const space = ' '.repeat(room - textWidth(text));
        return column.right ? space + text : text + space;
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)].join('\n');
}
