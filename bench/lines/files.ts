import { spreadOf, type Spread } from '../support/statistics.js';
import { query, type Environment } from '../support/environment.js';
import { withScene, type Scene } from '../support/line.js';
import type { Line } from '../support/measure.js';
import { CITY } from '../support/city.js';
import { FILE_FORMATS, type FileFormat } from '../../src/platform/tabular/file.format.js';
import { takeIn } from './transition.js';

/** Of resident memory beyond what the server has at rest, while the file is sent. */
const MOST_MIB = 150;
const MOST_FIRST_BYTE_MS = 1_000;
const LOOK_EVERY_MS = 100;
/** Each takes a minute or so. */
const MOST_REPEATS = 2;

interface Sent {
  rows: number;
  seconds: number;
  mib: number;
  firstByteMs: number;
  /** Resident memory of the server, MiB: at rest, and the most while it sent. */
  before: number;
  most: number;
}

/** The list of cases as a file: what a long one costs in memory, and how soon it begins. */
export async function files(environment: Environment, progress: (text: string) => void): Promise<Line> {
  const { alerts, repeats } = environment.settings;
  return withScene(environment, 'files', async (scene) => {
    progress(`files: ${alerts.toLocaleString('en')} alerts to tell of`);
    await takeIn(scene, alerts);
    progress('files: reports take in what came');
    await caughtUp(scene);
    await environment.checkpoint();
    const order = { port: scene.product.port, agencies: [CITY] };
    const [token] = await scene.product.child.call<string[]>('officers', order);
    const sent: Record<FileFormat, Sent[]> = { csv: [], xlsx: [] };
    for (let repeat = 1; repeat <= Math.min(repeats, MOST_REPEATS); repeat++) {
      for (const format of FILE_FORMATS) {
        progress(`files: ${format}, ${repeat} of ${Math.min(repeats, MOST_REPEATS)}`);
        sent[format].push(await fetched(scene, token!, format, alerts));
      }
    }
    const all = [...sent.csv, ...sent.xlsx];
    const of = (some: readonly Sent[], value: (each: Sent) => number): Spread => spreadOf(some.map(value));
    const more = Math.max(...all.map(({ before, most }) => most - before));
    const first = Math.max(...all.map(({ firstByteMs }) => firstByteMs));
    return {
      name: 'files',
      title: `GET /alerts as a file over HTTP, ${alerts.toLocaleString('en')} cases, one snapshot`,
      unit: 'rows/s (XLSX)',
      ours: of(sent.xlsx, ({ rows, seconds }) => rows / seconds),
      against: [],
      figures: {
        'rows/s (CSV)': of(sent.csv, ({ rows, seconds }) => rows / seconds),
        'MiB resident at rest': of(all, ({ before }) => before),
        'MiB resident more, XLSX': of(sent.xlsx, ({ before, most }) => most - before),
        'MiB resident more, CSV': of(sent.csv, ({ before, most }) => most - before),
        'ms to the first byte, XLSX': of(sent.xlsx, ({ firstByteMs }) => firstByteMs),
        'ms to the first byte, CSV': of(sent.csv, ({ firstByteMs }) => firstByteMs),
        'MiB of file, XLSX': of(sent.xlsx, ({ mib }) => mib),
        'MiB of file, CSV': of(sent.csv, ({ mib }) => mib),
      },
      notes: [
        `goal: at most ${MOST_MIB} MiB more: ${more <= MOST_MIB ? 'met' : 'NOT MET'}`,
        `goal: the first byte within ${MOST_FIRST_BYTE_MS} ms: ${first <= MOST_FIRST_BYTE_MS ? 'met' : 'NOT MET'}`,
      ],
    };
  });
}

/** The same server prepares the figures of reports: what that takes is not what a file takes. */
async function caughtUp({ url }: Scene): Promise<void> {
  const since = new Date();
  for (;;) {
    const [row] = await query(url, `SELECT count(*)::int AS ready FROM report_generation WHERE whole AND as_of > $1`, [
      since.toISOString(),
    ]);
    if (row!['ready'] === 1) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Takes a file as fast as it comes, and keeps nothing of it. */
async function fetched({ product }: Scene, token: string, format: FileFormat, rows: number): Promise<Sent> {
  const { rss: before } = await product.child.call<{ rss: number }>('atRest');
  let most = before;
  const looking = setInterval(() => {
    void product.child.call<number>('memory').then((rss) => (most = Math.max(most, rss)));
  }, LOOK_EVERY_MS);
  try {
    const from = performance.now();
    const answer = await fetch(`http://127.0.0.1:${product.port}/api/v1/alerts?sort=-receivedAt&format=${format}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`files: ${answer.status} ${await answer.text()}`);
    let firstByteMs: number | undefined;
    let bytes = 0;
    for await (const chunk of answer.body! as unknown as AsyncIterable<Uint8Array>) {
      firstByteMs ??= performance.now() - from;
      bytes += chunk.length;
    }
    const seconds = (performance.now() - from) / 1_000;
    return { rows, seconds, mib: bytes / 2 ** 20, firstByteMs: firstByteMs ?? NaN, before, most };
  } finally {
    clearInterval(looking);
  }
}
