export type DivisionLevel = 'province' | 'city' | 'county' | 'township';

/** One row of the national list of divisions (行政区划). A code begins with its parent's. */
export interface Division {
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  /** Empty for a province. */
  readonly parentCode: string;
}

/** The divisions of the whole country, by code and by parent. */
export class DivisionCatalogue {
  private readonly codes = new Map<string, Division>();
  private readonly children = new Map<string, Division[]>();

  constructor(divisions: readonly Division[]) {
    for (const division of divisions) {
      this.codes.set(division.code, division);
      const siblings = this.children.get(division.parentCode);
      if (siblings) siblings.push(division);
      else this.children.set(division.parentCode, [division]);
    }
  }

  find(code: string): Division | undefined {
    return this.codes.get(code);
  }

  /** Directly below, in the order of the list. */
  below(code: string): readonly Division[] {
    return this.children.get(code) ?? [];
  }

  /** Codes of every row of level city. */
  cityCodes(): string[] {
    return [...this.codes.values()].filter(({ level }) => level === 'city').map(({ code }) => code);
  }
}
