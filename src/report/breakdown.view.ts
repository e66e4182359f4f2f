import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { outcomesIn } from './act.facts.js';
import { CaseCounts, NOT_VALID } from './case.counts.js';
import { caseLines } from './case.facts.js';
import { passesSql } from './indicators.js';
import { incidentsOf, reportedIn } from './money.facts.js';
import type { ReportScope } from './report.scope.js';
import { JOINED, OWN_ALERT } from './signal.facts.js';
import { Values } from './values.js';

/** What cases are told apart by: columns of `alert`. */
export type Attribute = 'fraud_type' | 'subject_group' | 'source';

/** Conditions on `lines l` with its `alert a`: invalid are those withdrawn, and those returned as wrong-info. */
export const INVALID = {
  withdrawn: `a.status = 'withdrawn'`,
  returnedWrongInfo: `(${passesSql('l.flags', NOT_VALID)} AND a.status <> 'withdrawn')`,
} as const;

/** The cases of one value of an attribute. */
export class AttributeCases {
  readonly counts = new CaseCounts();
  withdrawn = 0;
  returnedWrongInfo = 0;
  /** Signals of this value that joined a case, whatever that case's own value. */
  merged = 0;
}

interface Line {
  key: string;
  /** null: signals that joined. */
  flags: number | null;
  times: number;
  withdrawn: number;
  returnedWrongInfo: number;
}

export interface Sums {
  key: string;
  interceptedFen: bigint;
  lossFen: bigint;
}

export interface IncidentSums {
  key: string;
  incidents: number;
  lossFen: bigint;
}

/** Hash tables of a city's month stay in memory. */
export const WORK_MEM = `SET LOCAL work_mem = '48MB'`;

/** Counts what one agency answers for, by an attribute of the alert; the same cases and acts as the tier report's. */
@Injectable()
export class BreakdownView {
  /** Cases of the cohort by an attribute. */
  async cases(tx: Tx, scope: ReportScope, attribute: Attribute): Promise<Map<string, AttributeCases>> {
    await tx.adHoc(WORK_MEM);
    const values = new Values();
    const lines = await tx.adHoc<Line>(
      `${caseLines(scope, values)}
       SELECT a.${attribute} AS key, l.flags, count(*) AS times, count(*) FILTER (WHERE ${INVALID.withdrawn}) AS withdrawn,
         count(*) FILTER (WHERE ${INVALID.returnedWrongInfo}) AS "returnedWrongInfo"
       FROM lines l ${OWN_ALERT} GROUP BY 1, 2
       UNION ALL
       SELECT signal.${attribute}, NULL, count(*), 0, 0 FROM lines l ${JOINED} GROUP BY 1`,
      values.list,
    );
    const found = new Map<string, AttributeCases>();
    for (const { key, flags, times, withdrawn, returnedWrongInfo } of lines) {
      const cases = found.get(key) ?? new AttributeCases();
      found.set(key, cases);
      cases.withdrawn += withdrawn;
      cases.returnedWrongInfo += returnedWrongInfo;
      if (flags === null) cases.merged += times;
      else cases.counts.add(flags, times);
    }
    return found;
  }

  /** Money of the outcomes approved in the period, by an attribute of their alerts. */
  async money(tx: Tx, scope: ReportScope, attribute: Attribute): Promise<Sums[]> {
    const values = new Values();
    const sums = await tx.adHoc<{ key: string; interceptedFen: string; lossFen: string }>(
      `SELECT a.${attribute} AS key, sum(o.intercepted_fen)::text AS "interceptedFen", sum(o.loss_fen)::text AS "lossFen"
       FROM (SELECT o.alert_id, o.intercepted_fen, o.loss_fen FROM ${outcomesIn(scope, values)}) o
         JOIN alert a ON a.id = o.alert_id
       GROUP BY 1`,
      values.list,
    );
    return sums.map(({ key, interceptedFen, lossFen }) => ({
      key,
      interceptedFen: BigInt(interceptedFen),
      lossFen: BigInt(lossFen),
    }));
  }

  /** Incidents reported in the period, by their fraud type. */
  async incidents(tx: Tx, scope: ReportScope): Promise<IncidentSums[]> {
    const values = new Values();
    const sums = await tx.adHoc<{ key: string; incidents: number; lossFen: string }>(
      `SELECT i.fraud_type AS key, count(*) AS incidents, sum(i.loss_fen)::text AS "lossFen"
       FROM ${incidentsOf(scope, values)} AND ${reportedIn('period', scope, values)} GROUP BY 1`,
      values.list,
    );
    return sums.map(({ lossFen, ...sum }) => ({ ...sum, lossFen: BigInt(lossFen) }));
  }
}
