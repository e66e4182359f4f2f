import { Injectable } from '@nestjs/common';
import { AlertView } from '../alert/alert.view.js';
import type { Caller } from '../identity/caller.js';
import type { Tx } from '../platform/database/database.js';
import { ImportStore, type SeenSignal } from './import.store.js';
import { ImportView } from './import.view.js';
import type { Digests } from './intake.row.js';
import type { Taken } from './intake.service.js';
import { PersonRegister } from './person.register.js';
import type { Signal } from './signal.js';

export interface DigestedSignal {
  readonly signal: Signal;
  readonly digests: Digests;
}

/**
 * Says what would become of the signals of a dry run, by the rules of intake: repeats and conflicts by reference, one
 * open alert a person. It holds nothing and stores no alert; what it has seen of the file itself it notes for the chunks
 * that follow, so that a repeat is found wherever in the file it stands, and after a restart too.
 */
@Injectable()
export class ImportPreview {
  constructor(
    private readonly alerts: AlertView,
    private readonly view: ImportView,
    private readonly store: ImportStore,
  ) {}

  /** @returns what would become of each, in the same order */
  async foresee(tx: Tx, jobId: string, caller: Caller, all: readonly DigestedSignal[]): Promise<Taken['outcome'][]> {
    const [known, register] = await Promise.all([
      this.references(tx, jobId, caller, all),
      this.persons(tx, jobId, caller, all),
    ]);
    const seen: SeenSignal[] = [];
    const outcomes = all.map((incoming): Taken['outcome'] => {
      const { contentHash, phoneIx, identityIx } = incoming.digests;
      const { source, sourceRef } = incoming.signal;
      const before = known.get(referenceOf(incoming.signal));
      if (before) return before.equals(contentHash) ? 'duplicate' : 'conflict';
      known.set(referenceOf(incoming.signal), contentHash);
      const joins = register.openOf(incoming.digests) !== undefined;
      seen.push({
        source,
        sourceRef,
        contentHash,
        phoneIx: joins ? null : phoneIx,
        identityIx: joins ? null : identityIx,
      });
      if (!joins) register.add({ id: sourceRef, phoneIx, identityIx, status: 'new', split: false, endedAt: null });
      return joins ? 'merged' : 'created';
    });
    await this.store.addSeen(tx, jobId, seen);
    return outcomes;
  }

  /** Content of what is stored, or came earlier in the file, under the references asked for. */
  private async references(
    tx: Tx,
    jobId: string,
    caller: Caller,
    all: readonly DigestedSignal[],
  ): Promise<Map<string, Buffer>> {
    const sources = all.map(({ signal }) => signal.source);
    const refs = all.map(({ signal }) => signal.sourceRef);
    const [stored, seen] = await Promise.all([
      this.alerts.byReference(tx, caller.agency.cityId, sources, refs),
      this.view.seenReferences(tx, jobId, sources, refs),
    ]);
    return new Map(
      [...stored, ...seen].map(({ ord, contentHash }) => [referenceOf(all[ord - 1]!.signal), contentHash]),
    );
  }

  private async persons(
    tx: Tx,
    jobId: string,
    caller: Caller,
    all: readonly DigestedSignal[],
  ): Promise<PersonRegister> {
    const phones = all.map(({ digests }) => digests.phoneIx);
    const identities = all.flatMap(({ digests: { identityIx } }) => (identityIx ? [identityIx] : []));
    const [stored, seen] = await Promise.all([
      this.alerts.ofPersons(tx, caller.agency.cityId, phones, identities),
      this.view.seenPersons(tx, jobId, phones, identities),
    ]);
    const opened = seen.map(({ sourceRef, phoneIx, identityIx }) => ({
      id: sourceRef,
      phoneIx,
      identityIx,
      status: 'new' as const,
      split: false,
      endedAt: null,
    }));
    return new PersonRegister([...stored, ...opened]);
  }
}

function referenceOf({ source, sourceRef }: Signal): string {
  return JSON.stringify([source, sourceRef]);
}
