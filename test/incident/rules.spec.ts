import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { INCIDENT_COLUMNS, INCIDENT_IMPORT_FIELDS } from '../../src/incident/import.header.rules.js';
import { IncidentRows } from '../../src/incident/import.row.rules.js';
import { INCIDENT_WORDINGS } from '../../src/incident/import.wording.js';
import { isStopOverdue, stopRequestStages } from '../../src/incident/incident.rules.js';
import { failed, isWatched } from '../../src/incident/link.rules.js';
import { readIncident } from '../../src/incident/report.rules.js';
import { contentOf } from '../../src/incident/reported.incident.js';
import { maskCreditCode, normaliseCreditCode } from '../../src/incident/victim.rules.js';
import { LocalTimes } from '../../src/intake/import.value.rules.js';
import { ReasonWriter } from '../../src/intake/import.wording.js';
import type { IntakeContext } from '../../src/intake/reader.rules.js';
import { normalizeLabel, type FraudType } from '../../src/organization/fraud-type.js';
import { NANYANG, snapshotOf } from '../organization/samples.js';
import { report } from './support.js';

const BRUSHING: FraudType = {
  code: 'brushing-rebate',
  nameZh: '刷单返利',
  nameEn: 'Brushing and rebate',
  listYear: 2024,
  mpsRank: 1,
  olderLabels: [],
};
const organization = snapshotOf(NANYANG, [], [BRUSHING]);
const CONTEXT: IntakeContext = {
  organization,
  city: organization.byCode('4113')!,
  now: new Date('2023-06-01T09:30:00+08:00'),
  sources: null,
};
const good = (overrides: Record<string, unknown> = {}): Record<string, unknown> =>
  report({ divisionCode: '411322', ...overrides });

const faultsOf = (overrides: Record<string, unknown>): string[] => {
  const read = readIncident(good(overrides), CONTEXT);
  return 'faults' in read ? read.faults.map(({ pointer, message }) => `${pointer} ${message}`) : [];
};

describe('a unified social credit code', () => {
  test('has 18 characters, the last of which checks the others', () => {
    expect(normaliseCreditCode(' 91350100m000100y43 ')).toBe('91350100M000100Y43');
    expect(['91350100M000100Y44', '91350100M000100Y4', '91350100I000100Y43', ''].map(normaliseCreditCode)).toEqual(
      new Array(4).fill(undefined),
    );
    expect(maskCreditCode('91350100M000100Y43')).toBe('913501********0Y43');
  });
});

describe('a report of a fraud', () => {
  test('names every fault, not the first', () => {
    expect(
      faultsOf({
        source: undefined,
        reportedAt: '2023-06-01T09:36:00+08:00',
        victim: { kind: 'person', idNumber: '11010519491231002Y', creditCode: '91350100M000100Y43', age: 70 },
        fraudType: '外星',
        lossFen: -1,
        transfers: [{ at: '2023-02-30T00:00:00+08:00', amountFen: 0, toAccount: 'x', note: '' }, 7],
        surprise: true,
      }),
    ).toEqual([
      '/surprise is not a field of an incident',
      '/source is required',
      '/reportedAt lies in the future',
      '/fraudType is not a known fraud type; GET /fraud-types lists them',
      '/lossFen must be a whole number of fen from 0 to 9007199254740991',
      '/victim/age is not a field of an incident',
      '/victim/phone is required',
      '/victim/idNumber is not an 18-digit identity number with a right birth date and check digit',
      '/victim/creditCode goes with a victim that is an organisation',
      '/transfers/0/note is not a field of an incident',
      '/transfers/0/at must be a moment that exists, with its offset, such as 2023-06-01T09:30:00+08:00',
      '/transfers/0/amountFen must be a whole number of fen from 1 to 9007199254740991',
      '/transfers/0/toAccount is not the number of an account',
      '/transfers/1 must be an object',
    ]);
  });

  test('of an organisation needs its name and its code, and no phone', () => {
    expect(faultsOf({ victim: { kind: 'organisation' } })).toEqual([
      '/victim/name is required',
      '/victim/creditCode is required',
    ]);
    expect(
      faultsOf({ victim: { kind: 'organisation', name: '方城某商贸有限公司', creditCode: '91350100M000100Y43' } }),
    ).toEqual([]);
  });

  test('may not be of the system itself, nor of another city, nor hold more than 200 transfers', () => {
    const transfer = { at: '2023-06-01T09:00:00+08:00', amountFen: 1 };
    expect(faultsOf({ source: 'sanji' })).toEqual([
      '/source stands for what comes of alerts here; name your own source',
    ]);
    expect(faultsOf({ divisionCode: '420102' })).toEqual(['/divisionCode is not a division of 单位4113']);
    expect(faultsOf({ transfers: new Array(201).fill(transfer) })).toEqual([
      '/transfers must be a list of at most 200 transfers',
    ]);
    expect(faultsOf({ transfers: new Array(200).fill(transfer) })).toEqual([]);
  });

  test('is the same whatever notation it came in, and another where a transfer differs', () => {
    const content = (overrides: Record<string, unknown>): string => {
      const read = readIncident(good({ sourceRef: 'x', ...overrides }), CONTEXT);
      return 'incident' in read ? contentOf(read.incident) : 'wrong';
    };
    const victim = { kind: 'person', phone: '13900001111' };
    const one = {
      victim,
      transfers: [{ at: '2023-06-01T09:00:00+08:00', amountFen: 5, toAccount: '6217001234567788' }],
    };
    const other = {
      victim: { phone: '+86 139 0000 1111', kind: 'person' },
      transfers: [{ toAccount: '6217 0012 3456 7788', amountFen: 5, at: '2023-06-01T01:00:00Z' }],
    };
    expect(content(other)).toBe(content(one));
    expect(content({ ...one, transfers: [{ ...one.transfers[0], amountFen: 6 }] })).not.toBe(content(one));
  });
});

describe('the clock of the first stop-payment', () => {
  const clock = {
    reportedAt: new Date('2023-06-01T09:00:00Z'),
    receivedAt: new Date('2023-06-01T09:01:00Z'),
    stopDueAt: new Date('2023-06-01T09:30:00Z'),
    stopMetAt: null,
    lossFen: 1,
  };
  test('tells at half, at the end and half as long again, where something was lost', () => {
    expect(stopRequestStages(clock).map(({ kind, dueAt }) => [kind, dueAt.toISOString().slice(11, 16)])).toEqual([
      ['stop-request-reminded', '09:15'],
      ['stop-request-overdue', '09:30'],
      ['stop-request-climbed', '09:45'],
    ]);
    expect(stopRequestStages({ ...clock, lossFen: 0 })).toEqual([]);
  });
  test('tells at once of what was late when it was handed in, and nothing of what is history', () => {
    const stages = (receivedAt: string): string[] =>
      stopRequestStages({ ...clock, receivedAt: new Date(receivedAt) }).map(({ dueAt }) =>
        dueAt.toISOString().slice(11, 16),
      );
    expect(stages('2023-06-01T09:35:00Z')).toEqual(['09:35', '09:35', '09:45']);
    expect(stages('2023-06-02T09:00:00Z')).toEqual(['09:00', '09:00', '09:00']);
    expect(stages('2023-06-02T09:00:00.001Z')).toEqual([]);
  });
  test('is overdue from its moment on, until it is met', () => {
    const at = (time: string, more = {}): boolean =>
      isStopOverdue({ ...clock, ...more }, new Date(`2023-06-01T${time}Z`));
    expect([at('09:29:59.999'), at('09:30:00'), at('09:30:00', { lossFen: 0 })]).toEqual([false, true, false]);
    expect(at('10:00:00', { stopMetAt: new Date('2023-06-01T09:59:00Z') })).toBe(false);
  });
});

describe('an alert of the victim', () => {
  const alert = {
    status: 'closed',
    endedAt: new Date('2023-06-01T00:00:00Z'),
    heldBy: [2],
    result: 'dissuaded',
  } as const;
  test('is watched while it is open, and for the watch period after it was closed', () => {
    const watched = (reportedAt: string, more = {}): boolean =>
      isWatched({ ...alert, heldBy: [2], ...more }, new Date(reportedAt), 30);
    expect([watched('2023-07-01T00:00:00Z'), watched('2023-07-01T00:00:00.001Z')]).toEqual([true, false]);
    expect(watched('2024-01-01T00:00:00Z', { status: 'assigned', endedAt: null, result: null })).toBe(true);
    expect(watched('2023-06-02T00:00:00Z', { status: 'withdrawn', result: null })).toBe(false);
  });
  test('has failed where somebody had it, unless the fraud came before it', () => {
    const warning = { ...alert, heldBy: [2] };
    expect(failed(warning)).toBe(true);
    expect(failed({ ...warning, heldBy: [] })).toBe(false);
    expect(failed({ ...warning, result: 'already-defrauded' })).toBe(false);
  });
});

describe('a file of incidents', () => {
  const HEADER = [
    '来源',
    '来源编号',
    '报案时间',
    '姓名',
    '手机号',
    '诈骗类型',
    '损失金额',
    '转账时间',
    '转账金额',
    '转入账号',
  ];
  const first = [
    '110',
    'J1',
    '2023-06-01 09:00',
    '李某',
    '13900001111',
    '刷单返利',
    '5万',
    '2023-06-01 08:00',
    '2万',
    '6217001234567788',
  ];
  const rows = new IncidentRows(HEADER, new LocalTimes('Asia/Shanghai'));

  test('has no word that stands for two columns', () => {
    const all = Object.values(INCIDENT_IMPORT_FIELDS).flatMap(({ names }) => [...new Set(names.map(normalizeLabel))]);
    expect(new Set(all).size).toBe(all.length);
    expect(INCIDENT_COLUMNS.faultsOf(HEADER)).toEqual([]);
    expect(INCIDENT_COLUMNS.faultsOf(['来源', '来源编号']).map(({ message }) => message)).toEqual([
      '报案时间 (reportedAt) is missing',
      '诈骗类型 (fraudType) is missing',
    ]);
  });

  test('tells of an incident in a row, and of further transfers in the rows below it', () => {
    const second = ['110', 'J1', '', '', '', '', '', '2023-06-01 08:30', '3万', '6217001234567799'];
    expect(rows.goesOn(first, second)).toBe(true);
    expect(rows.goesOn(first, ['110', 'J2'])).toBe(false);
    expect(rows.goesOn(['', ''], ['', ''])).toBe(false);
    expect(rows.repeats(first, [...first])).toBe(true);
    expect(
      rows.rawOf([
        [2, first],
        [3, second],
      ]),
    ).toMatchObject({
      victim: { kind: 'person', phone: '13900001111' },
      lossFen: 5_000_000,
      transfers: [
        { amountFen: 2_000_000, toAccount: '6217001234567788' },
        { amountFen: 3_000_000, toAccount: '6217001234567799' },
      ],
    });
    expect(rows.faultsOf(second, first)).toEqual([]);
    expect(rows.faultsOf(['110', 'J1', '', '', '13900002222'], first)).toEqual([
      { pointer: '/victim/phone', message: 'differs from the row above, which is of the same incident' },
    ]);
  });

  test('has a Chinese sentence for every fault', () => {
    const header = [...HEADER, '受害人类型', '统一社会信用代码', '身份证号', '行政区划代码', '转入银行', '摘要'];
    const reader = new IncidentRows(header, new LocalTimes('Asia/Shanghai'));
    const writer = new ReasonWriter(INCIDENT_COLUMNS, INCIDENT_WORDINGS, header);
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        '2023-06-01',
        '2123-01-01',
        '1903-01-01',
        '13800001234',
        '4113',
        'sanji',
        '单位',
        'x'.repeat(2_001),
      ),
      fc.string({ unit: 'binary', maxLength: 50 }),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: header.length, maxLength: header.length }), (cells) => {
        const read = readIncident(reader.rawOf([[2, cells]]), CONTEXT);
        const faults = [...('faults' in read ? read.faults : []), ...reader.faultsOf(cells, first)];
        expect(writer.reasonOf(faults)).not.toMatch(/[A-Za-z]{2}/);
      }),
      { numRuns: 300 },
    );
  });

  test('has its columns in docs/import.md', async () => {
    const text = await readFile(new URL('../../docs/import.md', import.meta.url), 'utf8');
    const missing = Object.values(INCIDENT_IMPORT_FIELDS).flatMap(({ names }) =>
      names.filter((name) => !text.includes(`\`${name}\``)),
    );
    expect(missing).toEqual([]);
  });
});
