import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { ImportRow } from '../intake/import.job.js';
import { ImportStore } from '../intake/import.store.js';
import type { ImportRowReader, ImportSubject, ReadRows, RowOutcome } from '../intake/import.subject.js';
import { ImportSubjects } from '../intake/import.subjects.js';
import type { LocalTimes } from '../intake/import.value.rules.js';
import { ImportView } from '../intake/import.view.js';
import type { IntakeContext } from '../intake/reader.rules.js';
import type { Tx } from '../platform/database/database.js';
import type { Fault } from '../platform/http/problem.js';
import { INCIDENT_COLUMNS } from './import.header.rules.js';
import { IncidentRows } from './import.row.rules.js';
import { INCIDENT_WORDINGS } from './import.wording.js';
import { CONFLICT, IncidentApi } from './incident.api.js';
import { IncidentRegister } from './incident.register.js';
import { IncidentView } from './incident.view.js';
import { readIncident } from './report.rules.js';
import type { IncidentDigests, ReportedIncident } from './reported.incident.js';

interface DigestedIncident {
  readonly reported: ReportedIncident;
  readonly digests: IncidentDigests;
}

const OTHERS: Fault = { pointer: '', message: 'is of an incident with another row that is wrong' };
const OF_TRANSFER = /^\/transfers\/(\d+)/;

/** Files of incidents: adjacent rows of one source reference are one incident, each with a transfer. */
@Injectable()
export class IncidentImport implements ImportSubject<DigestedIncident> {
  readonly name = 'incidents';
  readonly operation = 'importIncidents';
  readonly columns = INCIDENT_COLUMNS;
  readonly wordings = INCIDENT_WORDINGS;
  readonly conflict = CONFLICT;

  constructor(
    private readonly api: IncidentApi,
    private readonly register: IncidentRegister,
    private readonly view: IncidentView,
    private readonly imports: ImportView,
    private readonly store: ImportStore,
    subjects: ImportSubjects,
  ) {
    subjects.add(this);
  }

  reader(header: readonly string[], times: LocalTimes): ImportRowReader<DigestedIncident> {
    const rows = new IncidentRows(header, times);
    return {
      goesOn: (before, cells) => rows.goesOn(before, cells),
      read: (group, context) => this.read(rows, group, context),
    };
  }

  async take(
    tx: Tx,
    caller: Caller,
    items: readonly DigestedIncident[],
    context: IntakeContext,
  ): Promise<RowOutcome[]> {
    const reported = items.map((item) => item.reported);
    const digests = items.map((item) => item.digests);
    return (await this.api.take(tx, caller, reported, context, digests)).map(({ outcome }) => outcome);
  }

  async foresee(tx: Tx, jobId: string, caller: Caller, items: readonly DigestedIncident[]): Promise<RowOutcome[]> {
    const sources = items.map(({ reported }) => reported.source);
    const refs = items.map(({ reported }) => reported.sourceRef);
    const [stored, seen] = await Promise.all([
      this.view.byReference(tx, caller.agency.cityId, sources, refs),
      this.imports.seenReferences(tx, jobId, sources, refs),
    ]);
    const known = new Map(
      [...stored, ...seen].map(({ ord, contentHash }) => [referenceOf(items[ord - 1]!), contentHash]),
    );
    const fresh: DigestedIncident[] = [];
    const outcomes = items.map((item): RowOutcome => {
      const before = known.get(referenceOf(item));
      if (before) return before.equals(item.digests.contentHash) ? 'duplicate' : 'conflict';
      known.set(referenceOf(item), item.digests.contentHash);
      fresh.push(item);
      return 'created';
    });
    await this.store.addSeen(
      tx,
      jobId,
      fresh.map(({ reported: { source, sourceRef }, digests: { contentHash } }) => ({
        source,
        sourceRef,
        contentHash,
        phoneIx: null,
        identityIx: null,
      })),
    );
    return outcomes;
  }

  private read(rows: IncidentRows, all: readonly ImportRow[], context: IntakeContext): ReadRows<DigestedIncident> {
    const first = all[0]!;
    // A row that stands twice is a slip, not two transfers.
    const repeats = all.map(([, cells], index) => index > 0 && rows.repeats(all[index - 1]![1], cells));
    const group = all.filter((_, index) => !repeats[index]);
    const read = readIncident(rows.rawOf(group), context);
    const faults = all.map(([, cells]) => rows.faultsOf(cells, first[1]));
    if ('faults' in read) {
      const tellers = rows.tellers(group).map((index) => all.indexOf(group[index]!));
      for (const { pointer, message } of read.faults) {
        // Of a transfer it is laid on the row that tells of it, all others on the first.
        const transfer = OF_TRANSFER.exec(pointer)?.[1];
        const index = transfer === undefined ? 0 : tellers[Number(transfer)]!;
        faults[index]!.push({ pointer: pointer.replace(OF_TRANSFER, '/transfers/0'), message });
      }
    }
    if ('faults' in read || faults.some((own) => own.length > 0)) {
      return {
        faults: all.map((row, index) => ({ row, faults: faults[index]!.length > 0 ? faults[index]! : [OTHERS] })),
      };
    }
    const { incident: reported } = read;
    const counted = all.map((row, index) => ({ row, ...(repeats[index] ? { repeats: true as const } : {}) }));
    return { item: { reported, digests: this.register.digestsOf(reported) }, rows: counted };
  }
}

function referenceOf({ reported: { source, sourceRef } }: DigestedIncident): string {
  return JSON.stringify([source, sourceRef]);
}
