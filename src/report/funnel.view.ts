import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { WORK_MEM } from './breakdown.view.js';
import { CLOSED } from './case.counts.js';
import { BIT, caseLines, RESULT_BIT, rowLookup } from './case.facts.js';
import { CASE_STEP, type CaseStep, type FunnelTally } from './funnel.rules.js';
import { passesSql } from './indicators.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

interface Line {
  rowId: number;
  /** null: signals that joined. */
  steps: number | null;
  times: number;
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
    const rowOf = rowLookup(scope, values);
    const accepted = `EXISTS (
          SELECT FROM assignment s WHERE s.alert_id = l.alert_id AND s.accepted_at IS NOT NULL AND ${rowOf('s.agency_id')} = l.row_id)`;
    const steps: Record<CaseStep, string> = {
      pushed: 'a.clocks_started_at IS NOT NULL',
      accepted,
      reached: passesSql('l.flags', { any: BIT.reached }),
      visited: passesSql('l.flags', { any: BIT.seen }),
      closed: passesSql('l.flags', CLOSED),
      dissuaded: passesSql('l.flags', { any: RESULT_BIT.dissuaded }),
    };
    const bits = Object.entries(steps).map(
      ([step, where]) => `CASE WHEN ${where} THEN ${CASE_STEP[step as CaseStep]} ELSE 0 END`,
    );
    const found = await tx.adHoc<Line>(
      `${lines}
       SELECT l.row_id AS "rowId", ${bits.join('\n         | ')} AS steps, count(*) AS times
       FROM lines l JOIN alert a ON a.id = l.alert_id GROUP BY 1, 2
       UNION ALL
       SELECT l.row_id, NULL, count(*) FROM lines l JOIN alert signal ON signal.merged_into = l.alert_id GROUP BY 1`,
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
