import { Agenda } from '../../src/simulation/agenda.js';
import { PlayedClock } from '../../src/simulation/played.clock.js';

const MINUTE = 60_000;

function agendaOf(overrides: Partial<ConstructorParameters<typeof Agenda>[0]> = {}): {
  agenda: Agenda;
  moments: number[];
} {
  const moments: number[] = [];
  const moveTo = (moment: number): void => void moments.push(moment);
  const agenda = new Agenda({ moveTo, start: 0, end: 60 * MINUTE, most: 8, lookahead: 0, ...overrides });
  return { agenda, moments };
}

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('stories go on in the order of time, whatever order they were told in', async () => {
  const { agenda, moments } = agendaOf();
  const done: string[] = [];
  agenda.tell(10 * MINUTE, async (turn) => {
    done.push('b at 10');
    await turn.after(20);
    done.push('b at 30');
  });
  agenda.tell(5 * MINUTE, async (turn) => {
    done.push('a at 5');
    await turn.until(15 * MINUTE);
    done.push('a at 15');
    await turn.until(1);
    done.push('a at once');
  });
  await agenda.play();
  expect(done).toEqual(['a at 5', 'b at 10', 'a at 15', 'a at once', 'b at 30']);
  expect(moments).toEqual([...moments].sort((a, b) => a - b));
});

test('the clock runs ahead of whoever still acts by the lookahead and no more, and only so many act at once', async () => {
  const { agenda } = agendaOf({ most: 3, lookahead: 2 * MINUTE });
  const acting = new Set<number>();
  let together = 0;
  for (let minute = 0; minute < 20; minute++) {
    agenda.tell(minute * MINUTE, async () => {
      acting.add(minute);
      together = Math.max(together, acting.size);
      expect(minute - Math.min(...acting)).toBeLessThanOrEqual(2);
      for (let round = 0; round < (minute % 4) + 1; round++) await later();
      acting.delete(minute);
    });
  }
  await agenda.play();
  expect(together).toBe(3);
});

test('who waits for another goes on when woken, at the moment that is given', async () => {
  const { agenda } = agendaOf();
  let wake: ((what: string, moment: number) => void) | undefined;
  const heard: [string, number][] = [];
  agenda.tell(MINUTE, async (turn) => {
    const what = await turn.untilWoken<string>((wakeUp) => (wake = wakeUp));
    heard.push([what, turn.now / MINUTE]);
  });
  agenda.tell(9 * MINUTE, async (turn) => wake!('now', turn.now));
  await agenda.play();
  expect(heard).toEqual([['now', 9]]);
});

test('nothing begins after the end', async () => {
  const { agenda, moments } = agendaOf({ end: 10 * MINUTE });
  const done: number[] = [];
  agenda.tell(0, async (turn) => {
    for (;;) {
      done.push(turn.now / MINUTE);
      await turn.after(4);
    }
  });
  await agenda.play();
  expect(done).toEqual([0, 4, 8]);
  expect(Math.max(...moments)).toBeLessThan(10 * MINUTE);
});

test('a story that fails ends the day with its error', async () => {
  const { agenda } = agendaOf();
  agenda.tell(MINUTE, async () => {
    await later();
    throw new Error('the server answered 500');
  });
  agenda.tell(2 * MINUTE, async () => {
    throw new Error('never told');
  });
  await expect(agenda.play()).rejects.toThrow('the server answered 500');
});

test('the played clock never goes back, and follows the real time once released', () => {
  const clock = new PlayedClock(new Date('2023-06-01T00:00:00Z'));
  clock.moveTo(Date.parse('2023-06-01T12:00:00Z'));
  clock.moveTo(Date.parse('2023-06-01T11:00:00Z'));
  expect(clock.now().toISOString()).toBe('2023-06-01T12:00:00.000Z');
  clock.release();
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
});
