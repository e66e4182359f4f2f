import type { Caller } from '../identity/caller.js';
import type { FileContent } from '../identity/file.desk.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { sheetOf, type Rows } from '../platform/tabular/table.file.js';
import { alertColumns } from './alert.columns.js';
import type { AlertAnswer, ListAlertsQuery } from './alert.dto.js';
import { maskPhone, maskText } from './mask.rules.js';

/** Everything that a list of cases tells as a file; its rows are taken as it is written. */
export function alertListFile(
  query: ListAlertsQuery,
  caller: Caller,
  asOf: string,
  organization: OrganizationSnapshot,
  rows: Rows<AlertAnswer>,
): FileContent {
  const filters = filtersOf(query);
  const told = Object.entries(filters).map(([field, value]) => `${field}=${value}`);
  return {
    name: `sanji-${caller.agency.code}-alerts-${asOf.slice(0, 10)}`,
    title: '预警清单',
    tables: [sheetOf({ name: '预警', columns: alertColumns(organization), rows, blank: '' })],
    about: [
      ['单位', `${caller.agency.name}(${caller.agency.code})`],
      ['筛选条件', told.length > 0 ? told.join(';') : '无'],
      ['数据时间', asOf],
    ],
    record: { action: 'alert.exported', objectKind: 'alerts', objectId: caller.agency.code, data: filters },
  };
}

/** 4113-20230601-000123: digits that are nobody's. */
const CASE_NUMBER = /^\d{4}-\d{8}-\d{6}$/;

/** What was asked for, as it may be told: nobody's number, though people paste one into whichever field there is. */
function filtersOf({
  limit: _,
  cursor: _cursor,
  count: _count,
  format: _format,
  ...asked
}: ListAlertsQuery): Record<string, string> {
  const { phone, source, fraudType, alertNo, ...others } = asked;
  return Object.fromEntries(
    Object.entries({
      ...others,
      phone: phone === undefined ? undefined : maskPhone(phone),
      source: source === undefined ? undefined : maskText(source, {}),
      fraudType: fraudType === undefined ? undefined : maskText(fraudType, {}),
      alertNo: alertNo === undefined || CASE_NUMBER.test(alertNo) ? alertNo : maskText(alertNo, {}),
    })
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, String(value)]),
  );
}
