import { TIERS } from '../organization/agency.js';
import { OPEN_REPORT_NAMES } from '../report/breakdown.openings.js';

/** Reports about one agency, as their paths have them. */
export const AGENCY_REPORTS = [
  'fraud-types',
  'groups',
  'sources',
  'channels',
  'funnel',
  'officers',
  'trend',
  'briefing',
] as const;
export type AgencyReportName = (typeof AGENCY_REPORTS)[number];

/** What can be made in the background. */
export const EXPORTED_REPORTS: readonly string[] = [
  ...TIERS.map((tier) => `tiers/${tier}`),
  ...TIERS.map((tier) => `tiers/${tier}/cases`),
  'funds',
  'funds/cases',
  ...AGENCY_REPORTS,
  ...[...OPEN_REPORT_NAMES, 'officers'].map((name) => `${name}/cases`),
  'rankings',
  'alerts',
];
