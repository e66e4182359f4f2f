/** The WHERE of a list with filters, and its parameters: values never stand in the text. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly parts: string[] = [];

  value(value: unknown): string {
    this.values.push(value instanceof Date ? value.toISOString() : value);
    return `$${this.values.length}`;
  }

  add(part: string): void {
    this.parts.push(part);
  }

  toString(): string {
    return this.parts.length > 0 ? this.parts.join(' AND ') : 'true';
  }
}
