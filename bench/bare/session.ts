import pg from 'pg';

const known = new Map<string, string>();

/** What the product tells its database session at the start of each transaction, with the text made once per caller. */
export function sessionOf({ userId, agencyId }: { userId: string; agencyId: number }): string {
  let text = known.get(userId);
  if (text === undefined) {
    const setting = (name: string, value: string): string =>
      `set_config('sanji.${name}', ${pg.escapeLiteral(value)}, true)`;
    text = `SELECT ${setting('actor', userId)}, ${setting('agency_path', `/${agencyId}/`)}, ${setting('roles', 'officer')}`;
    known.set(userId, text);
  }
  return text;
}
