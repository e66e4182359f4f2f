import { startProcess, type RunningProcess } from '../support/process.js';

test.each([
  [['--version'], 0],
  [['--help'], 0],
  [['migrate', '--help'], 0],
  [['migrate', 'down', '--help'], 0],
  [[], 2],
  [['nothing'], 2],
  [['migrate', '--nothing'], 2],
  [['migrate', 'too', 'much'], 2],
])('sanji %j ends with %i', async (args, code) => {
  const called = sanji(args);
  expect(await called.ended).toBe(code);
  expect(code === 0 ? called.stdout() : called.stderr()).not.toBe('');
});

test('a wrong environment is a wrong call, told with all its faults', async () => {
  const called = sanji(['migrate'], { PORT: 'x', SANJI_TZ: 'Nowhere' });
  expect(await called.ended).toBe(2);
  expect(called.stderr()).toMatch(/PORT[^]*SANJI_TZ|SANJI_TZ[^]*PORT/);
});

test('a database that does not answer is a failure, told without the password', async () => {
  const called = sanji(['migrate'], {
    DATABASE_URL: 'postgresql://sanji:hunter2@127.0.0.1:1/sanji',
    SANJI_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  });
  expect(await called.ended).toBe(1);
  expect(called.stderr()).toContain('127.0.0.1:1 cannot be used');
  expect(called.stderr()).not.toContain('hunter2');
});

function sanji(args: readonly string[], env: Record<string, string> = {}): RunningProcess {
  return startProcess('test/support/sanji.ts', args, { env });
}
