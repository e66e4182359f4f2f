/**
 * How figures stand in a text for the press (docs/decisions/briefing.md). Numbers are only ever cut off, never rounded up:
 * a text that claims more than there is would be a false report. What was cut off shows as 余 and "more than".
 */

/** A figure as the press writes it. */
export interface Printed {
  zh: string;
  en: string;
}

/** What is printed of a whole number: the number itself up to its last printed digit. */
interface Cut {
  /** At most the exact value; less than `step` below it. */
  value: bigint;
  /** One of the last printed digit. */
  step: bigint;
  /** Something was cut off. */
  more: boolean;
}

const WAN = 10_000n;
const YI = 100_000_000n;

/** From which value on which step is the last that is printed, the largest first. */
const STEPS: readonly (readonly [from: bigint, step: bigint])[] = [
  // 2770亿
  [100n * YI, YI],
  // 1.35亿
  [YI, YI / 100n],
  // 3100万
  [100n * WAN, WAN],
  // 1.1万
  [WAN, WAN / 10n],
];

/** @param value not negative */
export function cut(value: bigint): Cut {
  const step = STEPS.find(([from]) => value >= from)?.[1] ?? 1n;
  const left = value % step;
  return { value: value - left, step, more: left > 0n };
}

/**
 * A number of things: 3287起, 1.1万条, 22万余起.
 * @param unit as it follows the number in Chinese
 */
export function printedCount(count: number, unit: string): Printed {
  const { value, more } = cut(BigInt(count));
  return {
    zh: `${inWan(value)}${more ? '余' : ''}${unit}`,
    en: `${more ? 'more than ' : ''}${grouped(value)}`,
  };
}

/** An amount: 523.45元, 1.35亿元, 3100万余元; RMB 523.45, RMB 135 million. @param fen not negative */
export function printedYuan(fen: number): Printed {
  const [yuan, rest] = [BigInt(fen) / 100n, BigInt(fen) % 100n];
  // Below 10,000 yuan it is exact, to the fen.
  if (yuan < WAN) {
    const decimals = rest === 0n ? '' : `.${String(rest).padStart(2, '0')}`;
    return { zh: `${yuan}${decimals}元`, en: `RMB ${grouped(yuan)}${decimals}` };
  }
  const { value, more: cutOff } = cut(yuan);
  const more = cutOff || rest > 0n;
  return {
    zh: `${inWan(value)}${more ? '余' : ''}元`,
    en: `${more ? 'more than ' : ''}RMB ${inMillions(value)}`,
  };
}

/** A rate in percent with at most two decimals, cut off: 100% is said of all and of nothing less. */
export function printedRate(numerator: number, denominator: number): Printed {
  const text = `${decimal((BigInt(numerator) * 10_000n) / BigInt(denominator), 100n)}%`;
  return { zh: text, en: text };
}

/**
 * A share in whole percent, as tables of the press have it: rounded half up, with 约 where it was. Shares are no claim of
 * what was done; cut off, they would never add up.
 */
export function printedShare(part: bigint, all: bigint): Printed {
  const doubled = (part * 200n + all) / (2n * all);
  const exact = doubled * all === part * 100n;
  return { zh: `${exact ? '' : '约'}${doubled}%`, en: `${exact ? '' : 'about '}${doubled}%` };
}

/**
 * A change against another period in percent with at most one decimal, cut off: 上升 / 下降; 持平 only of what is equal.
 * @param base not 0
 */
export function printedChange(value: number, base: number): Printed {
  if (value === base) return { zh: '持平', en: 'unchanged' };
  const by = BigInt(value) - BigInt(base);
  const tenths = ((by < 0n ? -by : by) * 1_000n) / BigInt(base);
  const [zh, en] =
    tenths === 0n ? ['不足0.1%', 'less than 0.1%'] : [`${decimal(tenths, 10n)}%`, `${decimal(tenths, 10n)}%`];
  return by > 0n ? { zh: `上升${zh}`, en: `up ${en}` } : { zh: `下降${zh}`, en: `down ${en}` };
}

/** Chinese counts in ten thousands. */
function inWan(value: bigint): string {
  if (value >= YI) return `${decimal(value, YI)}亿`;
  if (value >= WAN) return `${decimal(value, WAN)}万`;
  return String(value);
}

function inMillions(value: bigint): string {
  if (value >= 1_000_000_000n) return `${decimal(value, 1_000_000_000n)} billion`;
  if (value >= 1_000_000n) return `${decimal(value, 1_000_000n)} million`;
  return grouped(value);
}

/** `value ÷ unit` with all its decimals and no zero after them. @param unit a power of ten */
function decimal(value: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const rest = String(value % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return `${grouped(value / unit, '')}${rest === '' ? '' : `.${rest}`}`;
}

function grouped(value: bigint, separator = ','): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, separator);
}
