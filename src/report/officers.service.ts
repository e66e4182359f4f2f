import { Injectable, type StreamableFile } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { AgencyReportDesk, type ReportAtHand } from './agency-report.desk.js';
import type { AgencyReportQuery } from './agency-report.dto.js';
import type { Body } from './agency-report.js';
import { PERSON_KINDS, type OfficerAnswer, type OfficerFigures, type OfficersAnswer } from './officers.dto.js';
import { OFFICERS_REPORT } from './officers.report.js';
import { OFFICER_COUNTS, OfficersView, type OfficerCounts } from './officers.view.js';
import { rateOf } from './rate.rules.js';

/** Load and timeliness of the people of one agency. */
@Injectable()
export class OfficersService {
  constructor(
    private readonly desk: AgencyReportDesk,
    private readonly view: OfficersView,
  ) {}

  answer(caller: Caller, query: AgencyReportQuery): Promise<OfficersAnswer | StreamableFile> {
    return this.desk.answer(caller, query, OFFICERS_REPORT, (at) => this.count(at));
  }

  private async count({ tx, agency, scope }: ReportAtHand): Promise<Body<OfficersAnswer>> {
    const counts = await this.view.counts(tx, scope);
    const ids = [...counts.keys()].filter((id) => id !== null);
    const people: OfficerAnswer[] = await this.view.people(tx, agency.id, ids);
    if (counts.has(null)) people.push({ kind: 'system', id: null, name: '系统', here: true });
    people.sort(inOrder);
    const total = nothing();
    for (const each of counts.values()) for (const field of OFFICER_COUNTS) total[field] += each[field];
    return {
      rows: people.map((officer) => ({ officer, ...figuresOf(counts.get(officer.id) ?? nothing()) })),
      total: figuresOf(total),
    };
  }
}

function nothing(): OfficerCounts {
  return Object.fromEntries(OFFICER_COUNTS.map((field) => [field, 0])) as OfficerCounts;
}

function figuresOf(counts: OfficerCounts): OfficerFigures {
  const { accepted, sms, call, visit, visitReached, submitted, approved, rejected, followUpsDone } = counts;
  return {
    accepted,
    acceptOnTimeRate: rateOf(counts.acceptOnTime, counts.acceptDue),
    attempts: { sms, call, visit, visitReached },
    submitted,
    approved,
    rejected,
    feedbackOnTimeRate: rateOf(counts.feedbackOnTime, counts.feedbackDue),
    followUpsDone,
  };
}

/** People before programs, by name, and those of the same name always in the same order. */
function inOrder(a: OfficerAnswer, b: OfficerAnswer): number {
  const key = ({ kind, name, id }: OfficerAnswer): string => `${PERSON_KINDS.indexOf(kind)} ${name} ${id ?? ''}`;
  return key(a) < key(b) ? -1 : 1;
}
