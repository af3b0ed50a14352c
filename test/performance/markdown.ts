import { isMet, type Results } from './run.js';

/** Two tables to paste: the ratios with their goals, and the medians of the sides that they were made of. */
export function markdown({ ratios, others, medians, circumstances }: Results): string {
  const promised = ratios.map((ratio) => [
    ratio.name,
    ratio.value.toFixed(2),
    `${ratio.lowerIsBetter ? '≤' : '≥'} ${ratio.goal}`,
    isMet(ratio) ? 'met' : 'NOT MET',
  ]);
  const beside = others.map(({ name, value }) => [name, value.toFixed(2), '', '']);
  const sides = medians.map(({ what, of }) => [what, of]);
  return `${circumstances}\n\n${table([['ratio', '×', 'goal', ''], ...promised, ...beside])}\n${table([['side by side', 'medians'], ...sides])}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows;
  const widths = head!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |\n`;
  return [head!, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('');
}
