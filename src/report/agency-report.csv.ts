import { CSV_BOM, csvLine, type CsvCell } from '../platform/tabular/csv.js';
import type { AgencyReport } from './agency-report.js';
import type { AgencyReportAnswer } from './agency-report.dto.js';
import type { Export } from './report.file.js';

/** The report as a file: header and rows first, then what it is about, then what each column counts. UTF-8 with BOM. */
export function agencyReportCsv<Answer extends AgencyReportAnswer>(
  report: AgencyReport<Answer>,
  answer: Answer,
  exported: Export,
): string {
  const about: CsvCell[][] = [
    ['报表', report.title],
    ['单位', `${answer.agency.name}(${answer.agency.code})`],
    ['统计区间', `${answer.from} 至 ${answer.to}`],
    ['数据时间', answer.asOf],
    ['导出人', exported.person],
    ['导出单位', exported.agency],
    ['导出时间', exported.at],
  ];
  const definitions = Object.entries(answer.definitions).map(([field, { name, zh, en }]) => [name, zh, en, field]);
  const lines = [...report.table(answer), [], ...about, [], ['指标', '口径', 'Definition', '字段'], ...definitions];
  return CSV_BOM + lines.map(csvLine).join('');
}

/** A name that every system takes. */
export function agencyReportFileName(name: string, { agency, from, to }: AgencyReportAnswer): string {
  return `sanji-${agency.code.replaceAll(/[^0-9A-Za-z-]/g, '')}-${name}-${from}-${to}.csv`;
}
