/** Figures that rest on fewer cases than this are not told to who takes no part in them (convention, D). */
export const SMALLEST = 5;

/** How many there are of each code. */
export interface Distribution {
  readonly cells: Readonly<Record<string, number>>;
  /** Of all codes that are not told, together: none, or as many as a cell must have. */
  readonly few: number;
}

/**
 * Small cells go into one with the smallest others, until that one is not small either: what is told adds up, and no subtraction gives
 * back a small cell. Undefined when all of them together are too few.
 */
export function withoutSmallCells(counts: ReadonlyMap<string, number>): Distribution | undefined {
  const told = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  let few = 0;
  while (told.length > 0 && (told.at(-1)![1] < SMALLEST || (few > 0 && few < SMALLEST))) few += told.pop()![1];
  return few > 0 && few < SMALLEST ? undefined : { cells: Object.fromEntries(told), few };
}

/** Told of a larger whole as the sum of what is told of its parts, so that it tells nothing more. */
export function sumOf(parts: readonly Distribution[]): Distribution {
  const cells = new Map<string, number>();
  for (const part of parts) for (const [code, n] of Object.entries(part.cells)) cells.set(code, (cells.get(code) ?? 0) + n);
  return { cells: Object.fromEntries([...cells].sort()), few: parts.reduce((sum, { few }) => sum + few, 0) };
}
