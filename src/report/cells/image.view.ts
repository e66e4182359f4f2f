import { Injectable } from '@nestjs/common';
import { TIERS } from '../../organization/agency.js';
import type { OrganizationSnapshot } from '../../organization/organization.snapshot.js';
import type { Tx } from '../../platform/database/database.js';
import { followUpCounts, followUpState, OPEN, OVERDUE_AT, STANDING, urgeParts } from '../act.facts.js';
import { DURATIONS, linesOfCases, type Duration, type RowScope } from '../case.facts.js';
import { ATTEMPTS, FOLLOW_UPS, HELD, MONEY, URGES } from '../indicators.js';
import { toldTenths } from '../rate.rules.js';
import { Values } from '../values.js';
import type { CaseImage, ImageAct } from './case.image.js';
import { ACTS, FEN_MEASURES, type ActKind } from './cell.js';

/** What a case counts for, and when that changes by itself because a limit runs out. */
export interface Imaged {
  image: CaseImage;
  flipAt: Date | null;
}

type LineRow = { row_id: number; alert_id: string; hop: number | null; day: number; flags: number } & Record<
  `${Duration}_tenths`,
  number | null
>;
type ActRow = { alertId: string; agencyId: number; day: number } & Record<string, number | string>;
interface StateRow {
  alertId: string;
  joined: number;
  flipAt: Date | null;
}

/** Finds what given cases count for: the conditions are those of the reports themselves. */
@Injectable()
export class ImageView {
  /**
   * @param tx one snapshot
   * @returns an image for each of the cases; an empty one for a signal that joined another case
   */
  async images(
    tx: Tx,
    alertIds: readonly string[],
    organization: OrganizationSnapshot,
    timeZone: string,
  ): Promise<Map<string, Imaged>> {
    const found = new Map<string, Imaged>();
    const [states, lines, acts, money] = await Promise.all([
      this.states(tx, alertIds),
      this.lines(tx, alertIds, organization, timeZone),
      this.acts(tx, alertIds, timeZone),
      this.money(tx, alertIds, timeZone),
    ]);
    for (const { alertId, joined, flipAt } of states) {
      found.set(alertId, { image: { lines: [], joined, acts: [], money: [] }, flipAt });
    }
    TIERS.forEach((tier, index) => {
      for (const row of lines[index]!) {
        const tenths = DURATIONS.map((duration) => {
          const value = row[`${duration}_tenths`];
          return value === null ? null : toldTenths(value);
        });
        const { row_id: rowId, day, hop, flags } = row;
        found.get(row.alert_id)?.image.lines.push({ tier, rowId, day, hop, flags, tenths });
      }
    });
    for (const [alertId, act] of acts) found.get(alertId)?.image.acts.push(act);
    for (const { alertId, agencyId, day, ...sums } of money) {
      found.get(alertId)?.image.money.push({ agencyId, day, fen: FEN_MEASURES.map((name) => Number(sums[name])) });
    }
    return found;
  }

  /** Lines of each tier. */
  private lines(
    tx: Tx,
    alertIds: readonly string[],
    organization: OrganizationSnapshot,
    timeZone: string,
  ): Promise<LineRow[][]> {
    return Promise.all(
      TIERS.map(async (tier) => {
        const scope = everyRow(tier, organization, tx.now);
        if (scope.rows.length === 0) return [];
        const values = new Values();
        const lines = linesOfCases(scope, alertIds, values);
        return tx.adHoc<LineRow>(
          `SELECT lines.*, ${dayOf('entered_at', values.add(timeZone))} AS day FROM (${lines}) lines ORDER BY alert_id, hop, row_id`,
          values.list,
        );
      }),
    );
  }

  private async states(tx: Tx, alertIds: readonly string[]): Promise<StateRow[]> {
    const values = new Values();
    const ids = `ANY(${values.add(alertIds)}::uuid[])`;
    const now = `${values.add(tx.now)}::timestamptz`;
    const later = (moment: string, where = 'true'): string =>
      `CASE WHEN ${moment} > ${now} AND ${where} THEN ${moment} END`;
    const clocks = ['call', 'visit', 'feedback'].map((clock) =>
      later(`a.${clock}_due_at`, `a.${clock}_met_at IS NULL`),
    );
    return tx.adHoc(
      `SELECT a.id AS "alertId", coalesce(j.joined, 0)::int AS joined,
         least(${[...clocks, later('a.next_due_at', OPEN)].join(', ')}, h.flip_at, u.flip_at, f.flip_at) AS "flipAt"
       FROM alert a
       LEFT JOIN (SELECT merged_into, count(*) AS joined FROM alert WHERE merged_into = ${ids} GROUP BY 1) j ON j.merged_into = a.id
       LEFT JOIN (SELECT alert_id, min(accept_due_at) AS flip_at FROM assignment
         WHERE alert_id = ${ids} AND accepted_at IS NULL AND ended_at IS NULL AND accept_due_at > ${now} GROUP BY 1) h ON h.alert_id = a.id
       LEFT JOIN (SELECT alert_id, min(reply_by) AS flip_at FROM urge
         WHERE alert_id = ${ids} AND ended_at IS NULL AND reply_by > ${now} GROUP BY 1) u ON u.alert_id = a.id
       LEFT JOIN (SELECT alert_id, min(CASE WHEN f.due_at > ${now} THEN f.due_at WHEN ${OVERDUE_AT} > ${now} THEN ${OVERDUE_AT} END) AS flip_at
         FROM follow_up f WHERE alert_id = ${ids} AND done_at IS NULL AND cancelled_at IS NULL GROUP BY 1) f ON f.alert_id = a.id
       WHERE a.id = ${ids}`,
      values.list,
    );
  }

  private async acts(tx: Tx, alertIds: readonly string[], timeZone: string): Promise<[string, ImageAct][]> {
    const now = tx.now;
    const statements: {
      kind: ActKind;
      text: (values: Values, ids: string, day: (moment: string) => string) => string;
    }[] = [
      {
        kind: 'attempts',
        text: (_, ids, day) =>
          `SELECT t.alert_id AS "alertId", t.agency_id AS "agencyId", ${day('t.at')} AS day, ${counting(ATTEMPTS)}
           FROM attempt t WHERE t.alert_id = ${ids} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      },
      {
        kind: 'urges',
        text: (values, ids, day) =>
          `SELECT u.alert_id AS "alertId", p.agency_id AS "agencyId", ${day('u.urged_at')} AS day, ${counting(URGES)}
           FROM urge u JOIN alert a ON a.id = u.alert_id CROSS JOIN LATERAL (${urgeParts(`${values.add(now)}::timestamptz`, 'a.city_id')}) p
           WHERE u.alert_id = ${ids} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      },
      {
        kind: 'followUps',
        text: (values, ids, day) => {
          const until = `coalesce(f.cancelled_at, ${values.add(now)}::timestamptz)`;
          return `SELECT f.alert_id AS "alertId", f.agency_id AS "agencyId", ${day('f.due_at')} AS day, ${counting(FOLLOW_UPS)}
           FROM follow_up f CROSS JOIN LATERAL (SELECT ${followUpState(until)} AS state) s
           WHERE f.alert_id = ${ids} AND f.due_at IS NOT NULL AND ${followUpCounts(until)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
        },
      },
      {
        kind: 'held',
        text: (values, ids) => {
          const conditions = Object.entries(HELD).map(([field, where]) => [
            field,
            where(() => `${values.add(now)}::timestamptz`),
          ]);
          return `SELECT a.id AS "alertId", a.holder_id AS "agencyId", 0 AS day, ${counting(Object.fromEntries(conditions) as Record<string, string>)}
           FROM alert a WHERE a.id = ${ids} AND ${OPEN} GROUP BY 1, 2`;
        },
      },
    ];
    const found = await Promise.all(
      statements.map(async ({ kind, text }) => {
        const values = new Values();
        const ids = `ANY(${values.add(alertIds)}::uuid[])`;
        const day = (moment: string): string => dayOf(moment, values.add(timeZone));
        const rows = await tx.adHoc<ActRow>(text(values, ids, day), values.list);
        return rows.map(({ alertId, agencyId, day: at, ...counts }): [string, ImageAct] => [
          alertId,
          { kind, agencyId, day: at, numbers: ACTS[kind].map((name) => Number(counts[name])) },
        ]);
      }),
    );
    return found.flat();
  }

  private async money(tx: Tx, alertIds: readonly string[], timeZone: string): Promise<ActRow[]> {
    const values = new Values();
    const ids = `ANY(${values.add(alertIds)}::uuid[])`;
    const sums = Object.entries(MONEY).map(
      ([name, { where, amount }]) => `coalesce(sum(${amount}) FILTER (WHERE ${where}), 0)::text AS "${name}"`,
    );
    return tx.adHoc(
      `SELECT o.alert_id AS "alertId", o.agency_id AS "agencyId", ${dayOf('o.decided_at', values.add(timeZone))} AS day, ${sums.join(', ')}
       FROM outcome o WHERE o.alert_id = ${ids} AND ${STANDING} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      values.list,
    );
  }
}

/** Every agency of a tier as a row, of all cities: which row something is of does not hang on the report. */
function everyRow(tier: RowScope['tier'], organization: OrganizationSnapshot, asOf: Date): RowScope {
  const rows = organization.agencies.filter((agency) => agency.tier === tier);
  const members = rows.flatMap((row) => organization.subtree(row).map(({ id }) => ({ agencyId: id, rowId: row.id })));
  const counties = organization.agencies.filter((agency) => agency.tier === 'county');
  return { tier, rows, members, counties, asOf };
}

/** The local day of a moment as a number, 20230601. */
function dayOf(moment: string, timeZone: string): string {
  return `to_char(${moment} AT TIME ZONE ${timeZone}::text, 'YYYYMMDD')::int`;
}

function counting(conditions: Readonly<Record<string, string>>): string {
  return Object.entries(conditions)
    .map(([field, where]) => `count(*) FILTER (WHERE ${where})::int AS "${field}"`)
    .join(', ');
}
