import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { WORK_MEM } from './breakdown.view.js';
import { CLOSED } from './case.counts.js';
import { BIT, caseLines, RESULT_BIT, rowLookup } from './case.facts.js';
import { CASE_STEP, type CaseStep, type FunnelTally } from './funnel.rules.js';
import { passesSql } from './indicators.js';
import type { ReportScope } from './report.scope.js';
import { JOINED, OWN_ALERT } from './signal.facts.js';
import { Values } from './values.js';

interface Line {
  rowId: number;
  /** null: signals that joined. */
  steps: number | null;
  times: number;
}

/** Whether a case of `lines l` with its `alert a` took each step; each condition is made when it is asked for. */
export function stepsTaken(scope: ReportScope, values: Values): Record<CaseStep, () => string> {
  return {
    pushed: () => 'a.clocks_started_at IS NOT NULL',
    accepted: () => `EXISTS (
          SELECT FROM assignment s WHERE s.alert_id = l.alert_id AND s.accepted_at IS NOT NULL AND ${rowLookup(scope, values)('s.agency_id')} = l.row_id)`,
    reached: () => passesSql('l.flags', { any: BIT.reached }),
    visited: () => passesSql('l.flags', { any: BIT.seen }),
    closed: () => passesSql('l.flags', CLOSED),
    dissuaded: () => passesSql('l.flags', { any: RESULT_BIT.dissuaded }),
  };
}

/** How far the cases of each row's cohort have come. */
@Injectable()
export class FunnelView {
  /** @returns one for each row of the scope, by the id of its agency */
  async tallies(tx: Tx, scope: ReportScope): Promise<Map<number, FunnelTally>> {
    const tallies = new Map(scope.rows.map(({ id }): [number, FunnelTally] => [id, { joined: 0, cases: new Map() }]));
    if (tallies.size === 0) return tallies;
    await tx.adHoc(WORK_MEM);
    const values = new Values();
    const lines = caseLines(scope, values);
    const bits = Object.entries(stepsTaken(scope, values)).map(
      ([step, where]) => `CASE WHEN ${where()} THEN ${CASE_STEP[step as CaseStep]} ELSE 0 END`,
    );
    const found = await tx.adHoc<Line>(
      `${lines}
       SELECT l.row_id AS "rowId", ${bits.join('\n         | ')} AS steps, count(*) AS times
       FROM lines l ${OWN_ALERT} GROUP BY 1, 2
       UNION ALL
       SELECT l.row_id, NULL, count(*) FROM lines l ${JOINED} GROUP BY 1`,
      values.list,
    );
    for (const { rowId, steps: taken, times } of found) {
      const tally = tallies.get(rowId)!;
      if (taken === null) tally.joined += times;
      else tally.cases.set(taken, times);
    }
    return tallies;
  }
}
