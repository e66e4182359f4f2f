import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { statement, type Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import type { EventData } from '../timeline/event.js';
import type { TimelineEvent } from '../timeline/timeline.view.js';
import { sentenceOf } from '../timeline/wording.js';
import type { TimelineEventAnswer } from './alert.dto.js';
import { AlertPresenter, holderAnswer } from './alert.presenter.js';
import { maskText } from './mask.rules.js';
import { sees } from './transitions.js';

const CASES = statement(
  'timeline.cases-named',
  `SELECT id, city_id AS "cityId", held_by AS "heldBy" FROM alert WHERE id = ANY($1::uuid[])
   UNION ALL SELECT id, city_id, held_by FROM incident WHERE id = ANY($1::uuid[])`,
);

/** Facts that name another case, by what names it. */
const OTHER_CASE = { alertId: 'alertNo', incidentId: 'incidentNo' } as const;

/** Words the lines of a timeline for officers, the same for alerts and incidents. */
@Injectable()
export class EventPresenter {
  constructor(
    private readonly presenter: AlertPresenter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Ids of other cases that the lines name and the caller may not see: those stay unnamed. */
  async strangers(
    tx: Tx,
    events: readonly TimelineEvent[],
    caller: Caller,
    organization: OrganizationSnapshot,
  ): Promise<ReadonlySet<string>> {
    const named = new Set(
      events.flatMap(({ data }) => Object.keys(OTHER_CASE).flatMap((field) => (data[field] as string) ?? [])),
    );
    if (named.size === 0) return named;
    const rows = await tx.rows<{ id: string; cityId: number; heldBy: number[] }>(CASES, [[...named]]);
    for (const row of rows) if (sees(caller.agency, row, organization)) named.delete(row.id);
    return named;
  }

  /** @param person whose name and address are hidden in what people wrote */
  worded(
    event: TimelineEvent,
    organization: OrganizationSnapshot,
    person: { name?: string; address?: string },
    strangers: ReadonlySet<string>,
  ): TimelineEventAnswer {
    const words = {
      agency: (code: unknown): string => organization.byCode(String(code))?.name ?? String(code),
      moment: (iso: unknown): string => localMinuteOf(new Date(String(iso)), this.config.timeZone).slice(5),
    };
    const data = withoutStrangers(event.data, strangers);
    return {
      seq: event.seq,
      at: this.presenter.moment(event.at),
      type: event.type,
      text: sentenceOf(event.type, data, words).trim(),
      actor: event.actorName,
      agency: event.agencyId === null ? null : holderAnswer(organization.byId(event.agencyId)),
      data,
      note: event.note === null ? null : maskText(event.note, person),
      hash: event.hash,
    };
  }
}

function withoutStrangers(data: EventData, strangers: ReadonlySet<string>): EventData {
  const hidden = Object.entries(OTHER_CASE).flatMap(([id, number]) =>
    strangers.has(data[id] as string) ? [id, number] : [],
  );
  if (hidden.length === 0) return data;
  return Object.fromEntries(Object.entries(data).filter(([name]) => !hidden.includes(name)));
}
