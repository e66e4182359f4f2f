import type { Role } from '../../src/identity/role.js';
import { TestApp, type Officer } from '../support/app.js';
import { ACCESS_TABLE } from './access.table.js';
import { Objects } from './objects.js';

const ROLES = ['feed', 'officer', 'supervisor', 'auditor', 'admin', 'security'] as const;
const PLACES = ['own', 'parent', 'child', 'sibling', 'other'] as const;
type Place = (typeof PLACES)[number];

/** Codes of the agencies at each place, by the tier at which the object lies. */
const AGENCIES: Record<string, Record<Place, string | undefined>> = {
  city: { own: '4113', parent: undefined, child: '411322', sibling: '4201', other: '4201' },
  county: { own: '411322', parent: '4113', child: '411322101', sibling: '411325', other: '420102' },
  township: { own: '411322101', parent: '411322', child: undefined, sibling: '411322102', other: '420102005' },
};

interface Row {
  operation: string;
  object: string;
  role: string;
  expected: Record<Place, string>;
}

const lines = ACCESS_TABLE.trim()
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('operation'));
const open = lines.filter((line) => /^\S+\s+open$/.test(line)).map((line) => line.split(/\s+/)[0]!);
const rows: Row[] = lines
  .filter((line) => !/^\S+\s+open$/.test(line))
  .map((line) => {
    const [operation, object, role, ...answers] = line.trim().split(/\s+/);
    return {
      operation: operation!,
      object: object!,
      role: role!,
      expected: Object.fromEntries(PLACES.map((place, i) => [place, answers[i]!])) as Row['expected'],
    };
  });

describe('who gets which answer', () => {
  let app: TestApp;
  let objects: Objects;
  let operations: string[];
  const callers = new Map<string, Officer>();

  beforeAll(async () => {
    app = await TestApp.start(['4113', '4201']);
    objects = await Objects.make(app);
    const { body } = await app.http.get('/api/openapi.json');
    operations = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
  });
  afterAll(() => app.stop());

  async function callerAt(role: string, agency: string): Promise<Officer> {
    const key = `${role}@${agency}`;
    const known = callers.get(key);
    if (known) return known;
    const made = role === 'feed' ? await app.feed(agency) : await app.user(agency, role as Role);
    callers.set(key, made);
    return made;
  }

  it('names every operation of the API document and nothing else', () => {
    expect([...new Set([...open, ...rows.map(({ operation }) => operation)])].sort()).toEqual([...operations].sort());
  });

  it.each(rows.map((row): [string, Row] => [`${row.operation} on ${row.object} by ${row.role}`, row]))(
    '%s',
    async (_name, row) => {
      const tier = row.object.split('@')[1] ?? 'county';
      const answers: Record<string, string> = {};
      for (const place of PLACES) {
        const agency = AGENCIES[tier]![place];
        answers[place] =
          agency === undefined ? '-' : await objects.probe(row.operation, row.object, await callerAt(row.role, agency));
      }
      expect(answers).toEqual(row.expected);
    },
  );

  it('refuses with 403 every role that the table does not name', async () => {
    const wrong: string[] = [];
    for (const operation of operations.filter((id) => !open.includes(id))) {
      const named = new Set(rows.filter((row) => row.operation === operation).map(({ role }) => role));
      for (const role of ROLES.filter((one) => !named.has(one))) {
        for (const agency of ['4113', '411322', '411322101']) {
          const answer = await objects.call(operation, await callerAt(role, agency));
          if (answer.status !== 403) wrong.push(`${operation} ${role}@${agency}: ${answer.status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('answers 401 to nobody, to an expired token and to a revoked key, whatever is asked', async () => {
    const strangers = await objects.strangers();
    const wrong: string[] = [];
    for (const operation of operations.filter((id) => !open.includes(id))) {
      for (const [name, stranger] of Object.entries(strangers)) {
        const answer = await objects.call(operation, stranger);
        if (answer.status !== 401) wrong.push(`${operation} ${name}: ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
