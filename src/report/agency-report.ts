import type { Sheet } from '../platform/tabular/table.file.js';
import type { AgencyReportAnswer } from './agency-report.dto.js';
import type { Definition } from './definitions.js';

/** A report about one agency and all below it: what it is called, what its fields count, how its file looks. */
export interface AgencyReport<Answer extends AgencyReportAnswer> {
  /** As in the path; kebab-case. */
  name: string;
  /** 中文名. */
  title: string;
  definitions: Readonly<Record<string, Definition>>;
  /** Read out of the prepared cells, some seconds old; otherwise counted. */
  prepared?: true;
  /** What its file shows; the first is the report itself. */
  tables: (answer: Answer) => readonly Sheet[];
}

/** What a report says itself; its head is made where it is answered. */
export type Body<Answer extends AgencyReportAnswer> = Omit<Answer, keyof AgencyReportAnswer>;
