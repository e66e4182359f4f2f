import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { readableOf } from '../../src/platform/http/file.order.js';

const PIECE = 32 * 1024;

/** Pieces without end, and whether whoever makes them was let go. */
class Maker {
  made = 0;
  ended = false;

  async *bytes(most = Infinity): AsyncGenerator<Buffer, void> {
    try {
      for (; this.made < most; this.made++) yield Buffer.alloc(PIECE);
    } finally {
      this.ended = true;
    }
  }
}

test('a file that nobody takes any more is given up, and so is whatever makes it', async () => {
  const maker = new Maker();
  const body = readableOf(maker.bytes(), 50);
  body.once('readable', () => undefined);
  const [error] = (await once(body, 'error')) as [Error];
  expect(error.message).toBe('nobody takes the file any more');
  if (!body.closed) await once(body, 'close');
  expect(maker.ended).toBe(true);
  expect(maker.made).toBeLessThan(5);
});

test('a file that is taken slowly is sent whole, however long that takes', async () => {
  const maker = new Maker();
  let bytes = 0;
  const began = performance.now();
  for await (const piece of readableOf(maker.bytes(8), 1_000)) {
    bytes += (piece as Buffer).length;
    await delay(200);
  }
  expect(performance.now() - began).toBeGreaterThan(1_000);
  expect([bytes, maker.ended]).toEqual([8 * PIECE, true]);
});

test('whoever leaves lets go at once', async () => {
  const maker = new Maker();
  const body = readableOf(maker.bytes());
  for await (const _ of body) break;
  expect([body.destroyed, maker.ended]).toEqual([true, true]);
});
