/** An answer whose status is decided by the work itself, e.g. 201 for a new alert and 200 for a repeated one. */
export class Reply<T> {
  constructor(
    readonly status: number,
    readonly body: T,
    /** Version for the ETag, where the body itself has none: what was made changed a record that has one. */
    readonly version?: number,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}
