import type { CsvCell } from '../platform/tabular/csv.js';
import type { AgencyReportAnswer } from './agency-report.dto.js';
import type { Definition } from './definitions.js';

/** A report about one agency and all below it: what it is called, what its fields count, how its file looks. */
export interface AgencyReport<Answer extends AgencyReportAnswer> {
  /** As in the path; kebab-case. */
  name: string;
  /** 中文名. */
  title: string;
  definitions: Readonly<Record<string, Definition>>;
  /** Header and rows of its file, cell by cell. */
  table: (answer: Answer) => CsvCell[][];
}

/** What a report says itself; its head is made where it is answered. */
export type Body<Answer extends AgencyReportAnswer> = Omit<Answer, keyof AgencyReportAnswer>;
