import type { AlertAnswer } from '../alert/alert.dto.js';
import type { BatchAnswer } from '../intake/intake.dto.js';
import type { Turn } from '../simulation/agenda.js';
import { expectDone } from '../simulation/api.client.js';
import { CaseFile } from './case.file.js';
import { tellCase } from './case.story.js';
import type { Day } from './day.js';
import type { PlannedSignal } from './signals.js';

const MINUTE_MS = 60_000;
/** As many as POST /alerts/batch takes. */
const MOST = 1_000;
/** Share of the joined signals that turn out to be of another person. */
const WRONGLY_MERGED = 0.006;

/** Puts the day's signals on the agenda: the feed's in a batch each minute, the hotline's one by one. */
export function handIn(day: Day, planned: readonly PlannedSignal[]): void {
  const batches: { minute: number; signals: PlannedSignal[] }[] = [];
  let done = 0;
  const progress = (more: number): void => day.options.onProgress?.((done += more));
  for (const signal of planned) {
    if (signal.hotline) {
      day.agenda.tell(signal.at, async (turn) => {
        await byTelephone(day, turn, signal);
        progress(1);
      });
      continue;
    }
    const minute = Math.ceil((signal.at + 1) / MINUTE_MS) * MINUTE_MS;
    const last = batches.at(-1);
    if (last?.minute === minute && last.signals.length < MOST) last.signals.push(signal);
    else batches.push({ minute, signals: [signal] });
  }
  for (const { minute, signals } of batches) {
    // The last minute's batch still belongs to the day.
    day.agenda.tell(Math.min(minute, day.options.end - 1), async (turn) => {
      await byFeed(day, turn, signals);
      progress(signals.length);
    });
  }
}

async function byFeed(day: Day, turn: Turn, batch: readonly PlannedSignal[]): Promise<void> {
  const { feed } = day.staff;
  const answer = await feed.post('/alerts/batch', { alerts: batch.map(({ body }) => body) });
  const { results, ...counts } = expectDone<BatchAnswer>(feed, 'a batch', answer);
  for (const name of ['created', 'duplicates', 'merged', 'rejected'] as const) day.intake[name] += counts[name];
  for (const { index, outcome, id } of results) {
    const signal = batch[index]!;
    if (outcome === 'created') begin(day, turn.now, id!, signal, signal.body.divisionCode?.slice(0, 6));
    if (outcome === 'merged') mayPart(day, turn.now, id!, signal);
  }
}

/** Somebody rings 96110: an officer of the centre writes it down. */
async function byTelephone(day: Day, turn: Turn, signal: PlannedSignal): Promise<void> {
  const officer = await day.staff.officer(day.map.code);
  const answer = await officer.post('/alerts', signal.body);
  if (answer.status === 422) {
    day.intake.rejected += 1;
    return;
  }
  const alert = expectDone<AlertAnswer>(officer, 'a call to the hotline', answer);
  if (alert.status === 'merged') day.intake.merged += 1;
  else if (answer.status === 200) day.intake.duplicates += 1;
  else {
    day.intake.created += 1;
    begin(day, turn.now, alert.id, signal, alert.holder?.tier === 'county' ? alert.holder.code : undefined);
  }
}

/** @param county that the alert was pushed to, or what may be one: four digits name the city alone */
function begin(day: Day, at: number, id: string, signal: PlannedSignal, county: string | undefined): void {
  const pushedTo = day.map.counties.find(({ code }) => code === county)?.code;
  day.agenda.tell(at, (turn) => tellCase(new CaseFile(day, turn, id, signal, pushedTo)));
}

/** A merge that was wrong is undone by the city some time later, and the signal becomes a case of its own. */
function mayPart(day: Day, at: number, id: string, signal: PlannedSignal): void {
  const random = day.random.fork(`merged ${signal.body.source} ${signal.body.sourceRef}`);
  if (!random.chance(WRONGLY_MERGED)) return;
  day.agenda.tell(at + random.between(10, 60) * MINUTE_MS, async (turn) => {
    const officer = await day.staff.officer(day.map.code);
    const answer = await officer.post(`/alerts/${id}/unmerge`, { reason: '同号两人,系母女共用' });
    const alert = expectDone<AlertAnswer>(officer, 'unmerge', answer);
    day.count('unmerge');
    begin(day, turn.now, id, signal, alert.holder?.tier === 'county' ? alert.holder.code : undefined);
  });
}
