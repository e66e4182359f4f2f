import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/** Each folder imports itself and those before it (docs/decisions/the-house.md). */
const ORDER = [
  'platform',
  'organization',
  'identity',
  'timeline',
  'deadline',
  'alert',
  'ledger',
  'assignment',
  'intake',
  'incident',
  'outcome',
  'bulk',
  'protection',
  'stop',
  'freeze',
  'returns',
  'clock',
  'feed',
  'message',
  'realtime',
  'webhook',
  'report',
  'ranking',
  'briefing',
  'export',
  'verify',
  'simulation',
  'demo',
  'replay',
  'cli',
  'tools',
];
/** Files in no folder: they put the rooms together, for those at the end of the order. */
const FRAME = 'the frame';
const BEHIND_THE_FRAME = ['verify', 'simulation', 'demo', 'replay', 'cli', 'tools'];

const ROOT = join(import.meta.dirname, '..');

interface Source {
  /** From the project's root, with slashes. */
  path: string;
  text: string;
  /** Paths of our own files that it imports. */
  imports: string[];
  /** Those that are there when the program runs. */
  runtime: string[];
}

const IMPORT =
  /(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.{1,2}\/[^']+)\.js'|import\('(\.{1,2}\/[^']+)\.js'\)/g;

function read(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const path = posix.join(folder, name.split(sep).join('/'));
      const text = readFileSync(join(ROOT, path), 'utf8');
      const found = [...text.matchAll(IMPORT)].map(([, type, plain, lazy]) => ({
        path: `${posix.join(dirname(path), (plain ?? lazy)!)}.ts`,
        runtime: type === undefined && plain !== undefined,
      }));
      return {
        path,
        text,
        imports: found.map((each) => each.path),
        runtime: found.filter((each) => each.runtime).map((each) => each.path),
      };
    });
}

const sources = read('src');
const folderOf = (path: string): string => (path.split('/').length > 2 ? path.split('/')[1]! : FRAME);

test('every folder has its place in the order', () => {
  const folders = new Set(sources.map(({ path }) => folderOf(path)).filter((folder) => folder !== FRAME));
  expect([...folders].filter((folder) => !ORDER.includes(folder))).toEqual([]);
});

test('the search finds what there is', () => {
  expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(500);
  const known = new Set([...sources, ...read('migrations')].map(({ path }) => path));
  expect(sources.flatMap(({ imports }) => imports.filter((to) => !known.has(to)))).toEqual([]);
});

test('each folder imports itself and those before it', () => {
  const allowed = (from: string, to: string): boolean => {
    if (from === FRAME) return !['simulation', 'demo', 'replay', 'cli', 'tools'].includes(to);
    if (to === FRAME) return BEHIND_THE_FRAME.includes(from);
    return ORDER.indexOf(to) <= ORDER.indexOf(from);
  };
  const wrong = sources.flatMap(({ path, imports }) =>
    imports
      .filter((to) => to.startsWith('src/') && !allowed(folderOf(path), folderOf(to)))
      .map((to) => `${path} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test('the product imports nothing of its tests and measurements', () => {
  const wrong = sources.flatMap(({ path, imports }) =>
    imports
      .filter((to) => !to.startsWith('src/') && !to.startsWith('migrations/'))
      .map((to) => `${path} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test('every relative import ends in .js and names a file, not a folder of many', () => {
  const wrong = [...sources, ...read('test'), ...read('migrations')].flatMap(({ path, text }) =>
    [...text.matchAll(/from '(\.{1,2}\/[^']*)'/g)]
      .filter(([, to]) => !/\.(js|json)$/.test(to!) || (to!.endsWith('/index.js') && !to!.includes('migrations')))
      .map(([, to]) => `${path}: ${to}`),
  );
  expect(wrong).toEqual([]);
});

test('no file needs itself to be loaded', () => {
  const graph = new Map(sources.map(({ path, runtime }) => [path, runtime]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

const lines = (pattern: RegExp, among: (path: string) => boolean = () => true): string[] =>
  sources
    .filter(({ path }) => among(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );

test('modules need no forwardRef, and the schema is never synchronised', () => {
  expect(lines(/forwardRef/)).toEqual([]);
  expect(lines(/synchronize: (?!false)/)).toEqual([]);
  expect(lines(/\bTODO\b|\bFIXME\b|\bXXX\b/)).toEqual([]);
});

test('a controller routes and decides nothing', () => {
  expect(lines(/\bif \(|\bswitch \(|\bfor \(/, (path) => path.endsWith('.controller.ts'))).toEqual([]);
});

test('rules are pure: they know no database, clock or container', () => {
  const impure = sources
    .filter(({ path }) => path.endsWith('.rules.ts'))
    .flatMap(({ path, runtime }) =>
      runtime
        .filter((to) => /\.(store|view|service|registry|controller)\.ts$|database\.ts$/.test(to))
        .map((to) => `${path} imports ${to}`),
    );
  expect(impure).toEqual([]);
  expect(
    lines(/@Injectable|new Date\(\)|Date\.now\(|Math\.random\(|\bawait\b/, (path) => path.endsWith('.rules.ts')),
  ).toEqual([]);
});

test('the time comes from the clock', () => {
  const ownTime = /\/(clock\/clock|jobs\/loop|database\/(embedded|postmaster|migrate|postgres-binaries))\.ts$/;
  const among = (path: string): boolean => !ownTime.test(path) && !/^src\/(cli|demo|tools)\//.test(path);
  expect(lines(/new Date\(\)|Date\.now\(/, among)).toEqual([]);
});

describe('statements that write', () => {
  const WRITES = /\b(?:INSERT INTO|DELETE FROM|UPDATE(?! SET)(?= \w+(?: AS \w+| \w+)? SET\b))\s+(?:ONLY\s+)?([a-z_]+)/g;
  const INSERTION = /new Insertion<\w+>\(\s*'[^']+',\s*'([a-z_]+)'/g;
  const written = sources.flatMap(({ path, text }) =>
    [...text.matchAll(WRITES), ...text.matchAll(INSERTION)].map(([, table]) => ({ path, table: table! })),
  );

  test('stand in the stores; the platform has its own, and numbers are drawn beside any transaction', () => {
    const elsewhere = written.filter(
      ({ path }) =>
        !path.endsWith('.store.ts') && !path.startsWith('src/platform/') && path !== 'src/intake/case-number.ts',
    );
    expect(elsewhere).toEqual([]);
  });

  test('of one table stand in one folder', () => {
    const writers = new Map<string, Set<string>>();
    for (const { path, table } of written) {
      writers.set(table, (writers.get(table) ?? new Set()).add(folderOf(path)));
    }
    const shared = [...writers]
      .filter(([, folders]) => folders.size > 1)
      .map(([table, folders]) => [table, ...folders]);
    expect(shared).toEqual([]);
    // The search itself works: the tables of a case are all found.
    for (const table of ['alert', 'assignment', 'attempt', 'outcome', 'follow_up', 'urge', 'event']) {
      expect([table, writers.has(table)]).toEqual([table, true]);
    }
  });
});

test('a file that grows past what one can keep in mind is two files', () => {
  const long = sources
    .map(({ path, text }) => ({ path: relative('.', path), lines: text.split('\n').length }))
    .filter((file) => file.lines > 400);
  expect(long).toEqual([]);
});
