import { spreadOf, type Spread } from './statistics.js';

/** Somebody who does the work of a line. */
export interface Contender {
  readonly name: string;
  /** Does it for a while. @returns how many a second */
  run(): Promise<number>;
  /** What our own rate divided by this one's must reach; undefined for ourselves. */
  readonly goal?: number;
}

export interface Line {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly against: readonly Comparison[];
  /** What else was measured, by name and unit. */
  readonly figures?: Readonly<Record<string, Spread>>;
  readonly notes: readonly string[];
}

export interface Comparison {
  readonly name: string;
  readonly rate: Spread;
  /** Of our rate and theirs, round by round: what slows the machine down for a while slows down both. */
  readonly ratio: Spread;
  readonly goal: number;
  readonly met: boolean;
}

/**
 * Measures contenders by turns. The first round only warms up; each further one begins with another contender, so that
 * none is always the one that pays for a checkpoint.
 * @param contenders ourselves first
 */
export async function measure(
  line: Pick<Line, 'name' | 'title' | 'unit' | 'figures'> & { notes?: () => Promise<string[]> },
  contenders: readonly Contender[],
  repeats: number,
  progress: (text: string) => void,
): Promise<Line> {
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round <= repeats; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (round + turn) % contenders.length;
      const contender = contenders[at]!;
      progress(`${line.name}: ${round === 0 ? 'warming up' : `round ${round} of ${repeats}`}, ${contender.name}`);
      const rate = await contender.run();
      if (round > 0) rates[at]!.push(rate);
    }
  }
  const [ours, ...theirs] = rates;
  return {
    name: line.name,
    title: line.title,
    unit: line.unit,
    ours: spreadOf(ours!),
    against: contenders.slice(1).map(({ name, goal = 0 }, index) => {
      const ratio = spreadOf(ours!.map((rate, round) => rate / theirs[index]![round]!));
      return { name, rate: spreadOf(theirs[index]!), ratio, goal, met: ratio.median >= goal };
    }),
    figures: line.figures,
    notes: (await line.notes?.()) ?? [],
  };
}
