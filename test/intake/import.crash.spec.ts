import { KEYS, Officer, TestApp } from '../support/app.js';
import { startProcess, type RunningProcess } from '../support/process.js';
import { csv, finished, HEADER_ZH, query, rowZh } from './support.js';

const ROWS = 12_000;

/** A server of its own on the same database, to be killed. */
async function serve(url: string): Promise<{ process: RunningProcess; base: string }> {
  const process = startProcess('test/support/sanji.ts', ['serve'], {
    env: { DATABASE_URL: url, SANJI_KEYS: KEYS, SANJI_LOG_LEVEL: 'silent', PORT: '0' },
  });
  const [, base] = await process.waitFor(/serves (http:\/\/\S+\/api\/v1)/);
  return { process, base: base! };
}

test('an import whose server is killed goes on where it stopped, and takes every row once', async () => {
  const app = await TestApp.start();
  const feed = await app.feed();
  const rows = Array.from({ length: ROWS }, () => rowZh());
  // Now and then a row that joins, repeats or is wrong, so that every count is at stake.
  for (let i = 1_000; i < ROWS; i += 500) {
    rows[i] = rowZh({ 手机号: rows[i - 600]![8]! });
    rows[i + 1] = rows[i - 900]!;
    rows[i + 2] = rowZh({ 手机号: '1' });
  }
  const extra = (ROWS - 1_000) / 500;
  // The test's own server is there to look on; the work is for those that die.
  await app.stop(false);

  let { process, base } = await serve(app.database.url);
  const form = new FormData();
  form.append('file', new Blob([csv(HEADER_ZH, rows)]), '预警.csv');
  const answer = await fetch(`${base}/alerts/import`, { method: 'POST', headers: feed.headers, body: form });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };

  const processed: number[] = [];
  for (const enough of [2_000, 6_000]) {
    for (let at = 0; at < enough;) {
      const progress = await fetch(`${base}/imports/${id}`, { headers: feed.headers });
      at = ((await progress.json()) as { processed: number }).processed;
    }
    await process.end('SIGKILL');
    const [job] = await query<{ status: string; processed: number; alerts: number }>(
      app,
      `SELECT status, processed, (SELECT count(*)::int FROM alert) AS alerts FROM import_job WHERE id = $1`,
      [id],
    );
    processed.push(job!.processed);
    expect(job).toMatchObject({ status: 'running' });
    if (enough === 2_000) ({ process, base } = await serve(app.database.url));
  }
  expect(processed.every((rowsDone) => rowsDone < ROWS)).toBe(true);

  const again = await TestApp.start([], app.database);
  const done = await finished(new Officer(again, feed.headers, 'feed'), id);
  expect(done).toMatchObject({
    status: 'completed',
    total: ROWS,
    processed: ROWS,
    created: ROWS - 3 * extra,
    merged: extra,
    duplicates: extra,
    rejected: extra,
  });
  const [found] = await query(
    again,
    `SELECT (SELECT count(*)::int FROM alert) AS alerts, (SELECT count(DISTINCT source_ref)::int FROM alert) AS references,
       (SELECT count(*)::int FROM event WHERE type = 'received') AS received,
       (SELECT count(*)::int FROM event WHERE type = 'signal-joined') AS joined,
       (SELECT count(*)::int FROM assignment) AS assignments, (SELECT count(*)::int FROM import_chunk) AS chunks,
       (SELECT count(*)::int FROM import_reject) AS rejects`,
  );
  expect(found).toEqual({
    alerts: ROWS - 2 * extra,
    references: ROWS - 2 * extra,
    received: ROWS - 3 * extra,
    joined: extra,
    assignments: ROWS - 3 * extra,
    chunks: 0,
    rejects: extra,
  });
  await again.stop();
});
