import type { Line } from './measure.js';
import type { Spread } from './statistics.js';

/** A line as it is read in a terminal. */
export function lineText({ name, title, unit, ours, against, notes }: Line): string {
  const rows = [
    ['Sanji', rates(ours), unit, ''],
    ...against.map(({ name: other, rate, ratio, goal, met }) => [
      other,
      rates(rate),
      unit,
      `ratio ${ratios(ratio)}  goal ≥ ${goal}  ${met ? 'met' : 'NOT MET'}`,
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const table = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
  return [`${name} – ${title}`, ...table, ...notes.map((note) => `  (${note})`), ''].join('\n');
}

function rates({ median, min, max }: Spread): string {
  return `${whole(median)} (${whole(min)} – ${whole(max)})`;
}

function ratios({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)} – ${max.toFixed(2)})`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
