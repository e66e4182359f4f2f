import type { Cursors, Page, PageQuery } from '../platform/http/page.js';

/**
 * A page of a list that is in memory anyway.
 * @param query what a cursor is bound to: the filters and whose list it is
 * @param sortKey unique, and in the order of the list: the next page begins after the last key, whatever changed since
 */
export function memoryPage<Entry, Item>(
  cursors: Cursors,
  query: unknown,
  { limit, cursor, count }: PageQuery,
  list: readonly Entry[],
  sortKey: (entry: Entry) => string,
  item: (entry: Entry) => Item,
): Page<Item> {
  const after = cursor === undefined ? undefined : (cursors.decode(query, cursor)[0] as string);
  const rest = after === undefined ? list : list.filter((entry) => sortKey(entry) > after);
  const page = cursors.page(query, limit, rest.slice(0, limit + 1), (entry) => [sortKey(entry)], item);
  return count ? { ...page, total: list.length } : page;
}
