/** Collects the values of a statement whose text is built for one call; they never stand in the text. */
export class Values {
  readonly list: unknown[] = [];

  /** @returns the placeholder, e.g. `$3`; its type is added where the statement needs it */
  add(value: unknown): string {
    this.list.push(value instanceof Date ? value.toISOString() : value);
    return `$${this.list.length}`;
  }
}
