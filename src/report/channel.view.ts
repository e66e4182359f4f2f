import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { attemptsIn } from './act.facts.js';
import type { Channel } from './breakdown.dto.js';
import { WORK_MEM } from './breakdown.view.js';
import { caseLines, RESULT_BIT, tenths } from './case.facts.js';
import type { ReportScope } from './report.scope.js';
import { OWN_ALERT } from './signal.facts.js';
import { Values } from './values.js';

export interface ChannelAttempts {
  channel: Channel;
  attempts: number;
  reached: number;
}

export interface ChannelCases {
  channel: Channel;
  cases: number;
  dissuaded: number;
  /** Median; null where the agency made the first attempt of the channel in no case. */
  firstAttemptTenths: number | null;
}

/** Conditions on an attempt `t` of `attemptsIn`. */
export const CHANNEL_REACHED = 't.reached';
/** Conditions on an attempt `m` of `attemptsInCases`. */
export const CHANNEL = {
  cases: 'm.own',
  dissuaded: `m.last AND m.flags & ${RESULT_BIT.dissuaded} <> 0`,
  first: 'm.first AND m.own AND m.tenths IS NOT NULL',
} as const;

/**
 * Every attempt `m` in the cases of the cohort, whenever: whether it is the agency's `own`, the `first` of its channel (with
 * the `tenths` of minutes that it took), and the `last` of its own that reached.
 */
export function attemptsInCases(lines: string, { members }: ReportScope, values: Values): string {
  const own = `t.agency_id = ANY(${values.add(members.map(({ agencyId }) => agencyId))}::int[])`;
  return `(
       SELECT l.alert_id, l.flags, t.method, t.own, ${tenths('a.clocks_started_at', 't.at')} AS tenths,
         row_number() OVER (PARTITION BY l.alert_id, t.method ORDER BY t.at, t.id) = 1 AS first,
         t.own AND t.reached
           AND row_number() OVER (PARTITION BY l.alert_id ORDER BY t.own AND t.reached DESC, t.at DESC, t.id DESC) = 1 AS last
       FROM ${lines} ${OWN_ALERT} JOIN (SELECT t.*, ${own} AS own FROM attempt t) t ON t.alert_id = l.alert_id
     ) m`;
}

/** What the channels of the ladder were used for, and what came of it. */
@Injectable()
export class ChannelView {
  async attempts(tx: Tx, scope: ReportScope): Promise<ChannelAttempts[]> {
    const values = new Values();
    return tx.adHoc(
      `SELECT t.method AS channel, count(*) AS attempts, count(*) FILTER (WHERE ${CHANNEL_REACHED}) AS reached
       FROM ${attemptsIn(scope, values)} GROUP BY 1`,
      values.list,
    );
  }

  /** Over the cohort: what was attempted in its cases, whenever. */
  async cases(tx: Tx, scope: ReportScope): Promise<ChannelCases[]> {
    await tx.adHoc(WORK_MEM);
    const values = new Values();
    const lines = caseLines(scope, values);
    return tx.adHoc(
      `${lines}
       SELECT m.method AS channel, count(DISTINCT m.alert_id) FILTER (WHERE ${CHANNEL.cases}) AS cases,
         count(*) FILTER (WHERE ${CHANNEL.dissuaded}) AS dissuaded,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY m.tenths) FILTER (WHERE ${CHANNEL.first}) AS "firstAttemptTenths"
       FROM ${attemptsInCases('lines l', scope, values)} GROUP BY 1`,
      values.list,
    );
  }
}
