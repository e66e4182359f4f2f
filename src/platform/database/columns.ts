/** `camelCase` names of a row type → `snake_case AS "camelCase"` for a SELECT or RETURNING list. */
export function columns(names: readonly string[], table?: string): string {
  return names.map((name) => `${table ? `${table}.` : ''}${snake(name)} AS "${name}"`).join(', ');
}

/** `closedAt` → `closed_at`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
