/** How a style of a workbook shows a number, as far as it makes the number a moment. */
export type NumberKind = 'number' | 'date' | 'date-time' | 'time' | 'duration';

const builtIn = new Map<number, NumberKind>([
  ...kinds('date', 14, 17),
  ...kinds('time', 18, 21),
  ...kinds('date-time', 22, 22),
  // The East Asian ones: they are numbers only, without a text in the file.
  ...kinds('date', 27, 31),
  ...kinds('time', 32, 35),
  ...kinds('date', 36, 36),
  ...kinds('time', 45, 45),
  ...kinds('duration', 46, 46),
  ...kinds('time', 47, 47),
  ...kinds('date', 50, 54),
  ...kinds('time', 55, 56),
  ...kinds('date', 57, 58),
]);

function kinds(kind: NumberKind, from: number, to: number): [number, NumberKind][] {
  return Array.from({ length: to - from + 1 }, (_, index) => [from + index, kind]);
}

/** @param code the format's text where the workbook has one, e.g. `yyyy"年"m"月"d"日"` */
export function numberKind(id: number, code: string | undefined): NumberKind {
  return code === undefined ? (builtIn.get(id) ?? 'number') : kindOfCode(code);
}

function kindOfCode(code: string): NumberKind {
  const positive = code
    .replace(/"[^"]*"?|\\.|_.|\*./gs, '')
    .split(';')[0]!
    .replace(/General|G\/通用格式/gi, '');
  if (/\[(h+|m+|s+)\]/i.test(positive)) return 'duration';
  const letters = positive.replace(/\[[^\]]*\]/g, '').replace(/AM\/PM|A\/P|上午\/下午/gi, 'h');
  const date = /[yd]/i.test(letters);
  const time = /[hs]/i.test(letters);
  if (date) return time ? 'date-time' : 'date';
  if (time) return 'time';
  return /m/i.test(letters) ? 'date' : 'number';
}
