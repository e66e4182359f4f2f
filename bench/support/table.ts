import type { Line } from './measure.js';
import type { PlanLine } from './plans.js';
import type { TimesLine } from './times.js';
import type { Spread } from './statistics.js';

/** A line as it is read in a terminal. */
export function lineText(line: Line | PlanLine | TimesLine): string {
  if ('times' in line) return timesText(line);
  return 'plans' in line ? plansText(line) : ratesText(line);
}

function ratesText({ name, title, unit, ours, against, figures = {}, notes }: Line): string {
  const rows = [
    ['Sanji', rates(ours), unit, ''],
    ...against.map(({ name: other, rate, ratio, goal, met }) => [
      other,
      rates(rate),
      unit,
      `ratio ${ratios(ratio)}  goal ≥ ${goal}  ${met ? 'met' : 'NOT MET'}`,
    ]),
  ];
  const measured = Object.entries(figures).map(([what, spread]) => `${tenths(spread)} ${what}`);
  return framed(name, title, rows, [...measured, ...notes]);
}

function plansText({ name, title, plans, notes }: PlanLine): string {
  const rows = plans.map((plan) => [
    plan.name,
    `${whole(plan.buffers)} of ${whole(plan.bound)} buffers`,
    `${whole(plan.rows)} rows`,
    `${plan.milliseconds.toFixed(1)} ms`,
    plan.met ? 'met' : 'NOT MET',
    [
      ...plan.scanned.map((table) => `all of ${table}`),
      ...plan.indexes,
      ...(plan.kind === 'generic' ? ['(generic)'] : []),
    ].join(' '),
  ]);
  return framed(name, title, rows, notes);
}

function timesText({ name, title, times, notes }: TimesLine): string {
  const rows = times.map(({ name: what, ours, p99, against, goal, met }) => [
    what,
    `${tenths(ours)} ms`,
    p99 === undefined ? '' : `p99 ${p99.toFixed(1)} ms`,
    against ? `${against.name} ${tenths(against.times)} ms` : '',
    against ? `ratio ${against.ratio.toFixed(2)}` : '',
    `goal ${goal}`,
    met ? 'met' : 'NOT MET',
  ]);
  return framed(name, title, rows, notes);
}

function framed(name: string, title: string, rows: readonly string[][], notes: readonly string[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const table = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
  return [`${name} – ${title}`, ...table, ...notes.map((note) => `  (${note})`), ''].join('\n');
}

function rates({ median, min, max }: Spread): string {
  return `${whole(median)} (${whole(min)} – ${whole(max)})`;
}

function tenths({ median, min, max }: Spread): string {
  return min === max ? median.toFixed(1) : `${median.toFixed(1)} (${min.toFixed(1)} – ${max.toFixed(1)})`;
}

function ratios({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)} – ${max.toFixed(2)})`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
