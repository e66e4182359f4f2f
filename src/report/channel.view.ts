import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { attemptsIn } from './act.facts.js';
import type { Channel } from './breakdown.dto.js';
import { WORK_MEM } from './breakdown.view.js';
import { caseLines, RESULT_BIT, tenths } from './case.facts.js';
import type { ReportScope } from './report.scope.js';
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

/** What the channels of the ladder were used for, and what came of it. */
@Injectable()
export class ChannelView {
  async attempts(tx: Tx, scope: ReportScope): Promise<ChannelAttempts[]> {
    const values = new Values();
    return tx.adHoc(
      `SELECT t.method AS channel, count(*) AS attempts, count(*) FILTER (WHERE t.reached) AS reached
       FROM ${attemptsIn(scope, values)} GROUP BY 1`,
      values.list,
    );
  }

  /** Over the cohort: what was attempted in its cases, whenever. */
  async cases(tx: Tx, scope: ReportScope): Promise<ChannelCases[]> {
    await tx.adHoc(WORK_MEM);
    const values = new Values();
    const lines = caseLines(scope, values);
    const own = `t.agency_id = ANY(${values.add(scope.members.map(({ agencyId }) => agencyId))}::int[])`;
    return tx.adHoc(
      `${lines},
       -- Every attempt in the cases, with whether it is the first of its channel, and the last of ours that reached.
       made AS (
         SELECT l.alert_id, l.flags, t.method, t.at, t.own, a.clocks_started_at,
           row_number() OVER (PARTITION BY l.alert_id, t.method ORDER BY t.at, t.id) = 1 AS first,
           t.own AND t.reached
             AND row_number() OVER (PARTITION BY l.alert_id ORDER BY t.own AND t.reached DESC, t.at DESC, t.id DESC) = 1 AS last
         FROM lines l JOIN alert a ON a.id = l.alert_id
           JOIN (SELECT t.*, ${own} AS own FROM attempt t) t ON t.alert_id = l.alert_id
       )
       SELECT method AS channel, count(DISTINCT alert_id) FILTER (WHERE own) AS cases,
         count(*) FILTER (WHERE last AND flags & ${RESULT_BIT.dissuaded} <> 0) AS dissuaded,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY ${tenths('clocks_started_at', 'at')}) FILTER (WHERE first AND own)
           AS "firstAttemptTenths"
       FROM made GROUP BY 1`,
      values.list,
    );
  }
}
