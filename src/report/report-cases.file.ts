import { maskText } from '../alert/mask.rules.js';
import type { FileContent } from '../identity/file.desk.js';
import type { Agency } from '../organization/agency.js';
import { OPENED } from './breakdown.definitions.js';
import type { OpenReportName } from './breakdown.openings.js';
import { CHANNELS_REPORT, FRAUD_TYPES_REPORT, GROUPS_REPORT, SOURCES_REPORT } from './breakdown.reports.js';
import { FUNNEL_REPORT } from './funnel.report.js';
import { OFFICERS_REPORT } from './officers.report.js';
import { TREND_REPORT } from './trend.report.js';

/** Whose numbers are opened. */
export type OpenedReport = OpenReportName | 'officers' | 'funds';

const TITLES: Readonly<Record<OpenedReport, string>> = {
  'fraud-types': FRAUD_TYPES_REPORT.title,
  groups: GROUPS_REPORT.title,
  sources: SOURCES_REPORT.title,
  channels: CHANNELS_REPORT.title,
  funnel: FUNNEL_REPORT.title,
  officers: OFFICERS_REPORT.title,
  trend: TREND_REPORT.title,
  funds: '涉案资金情况',
};

/** What a file of the cases behind a number tells besides them. */
export function reportCasesFile(
  report: OpenedReport,
  agency: Agency,
  { from, to, indicator, key }: { from: string; to: string; indicator: string; key?: string },
): Omit<FileContent, 'tables'> {
  // A key may be whatever a feed calls itself.
  const part = key === undefined ? {} : { key: maskText(key, {}) };
  return {
    name: `sanji-${agency.code}-${report}-cases-${indicator.replaceAll('.', '-')}-${from}-${to}`,
    title: `${TITLES[report]}明细`,
    about: [
      ['单位', `${agency.name}(${agency.code})`],
      ['统计区间', `${from} 至 ${to}`],
      ['指标', indicator],
      ['行', part.key ?? '合计'],
    ],
    definitions: { cases: OPENED },
    record: {
      action: 'report.exported',
      objectKind: `${report}-report-cases`,
      objectId: `${agency.code}/${from}/${to}/${indicator}`,
      data: { agency: agency.code, from, to, indicator, ...part },
    },
  };
}
