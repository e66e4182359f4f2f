import fc from 'fast-check';
import { canonicalJson } from '../../src/ranking/canonical.rules.js';
import { differences, publishedRanking, publishedTierReport } from '../../src/ranking/edition.rules.js';
import {
  addMonths,
  addQuarters,
  endsQuarter,
  isOver,
  periodOfMonth,
  periodOfQuarter,
  quarterOf,
} from '../../src/ranking/month.rules.js';
import { RANKING_EXAMPLE } from '../../src/ranking/ranking.example.js';
import { TIER_REPORT_EXAMPLE } from '../../src/report/tier-report.example.js';

describe('canonical JSON', () => {
  test('has one way to write a value', () => {
    expect(canonicalJson({ b: [1, null, undefined, 'é"\n'], a: { z: 0.1, 名: true }, c: undefined })).toBe(
      '{"a":{"z":0.1,"名":true},"b":[1,null,null,"é\\"\\n"]}',
    );
  });

  test('is the same after it was read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test('what differs is told by unit and field, in the total, the rules and the definitions', () => {
  const before = publishedRanking(RANKING_EXAMPLE);
  const [row] = before.rows;
  const after = {
    ...before,
    provisional: false,
    rows: [
      { ...row!, score: 94, rank: null },
      { ...row!, agency: { code: '411325', name: '内乡县公安局' }, indicators: {} },
    ],
  };
  expect(differences(before, before)).toEqual([]);
  expect(differences(before, after)).toEqual([
    { unit: '411322', field: '/rank', before: 1, after: null },
    { unit: '411322', field: '/score', before: 93.9563, after: 94 },
    { unit: '411325', field: '/agency/code', before: null, after: '411325' },
    { unit: '411325', field: '/agency/name', before: null, after: '内乡县公安局' },
    { unit: '411325', field: '/rank', before: null, after: 1 },
    { unit: '411325', field: '/score', before: null, after: 93.9563 },
    { unit: '411325', field: '/received', before: null, after: 842 },
    { unit: null, field: '/provisional', before: true, after: false },
  ]);
  expect(differences(after, before)).toHaveLength(8);
});

test('a published tier report says nothing of the present', () => {
  const report = publishedTierReport(TIER_REPORT_EXAMPLE);
  for (const figures of [report.total, report.rows[0]!]) {
    expect(figures).toHaveProperty('received');
    for (const field of ['open', 'overdue', 'urged', 'asOf']) expect(figures).not.toHaveProperty(field);
  }
  expect(report).not.toHaveProperty('asOf');
});

describe('months', () => {
  test('are counted across years, with their last days', () => {
    expect([addMonths('2023-01', -1), addMonths('2023-12', 1), addMonths('2023-06', -18)]).toEqual([
      '2022-12',
      '2024-01',
      '2021-12',
    ]);
    expect(['2023-02', '2024-02', '2023-12'].map((month) => periodOfMonth(month).to)).toEqual([
      '2023-02-28',
      '2024-02-29',
      '2023-12-31',
    ]);
  });

  test('make quarters', () => {
    expect(['2023-01', '2023-03', '2023-04', '2023-12'].map(quarterOf)).toEqual([
      '2023-Q1',
      '2023-Q1',
      '2023-Q2',
      '2023-Q4',
    ]);
    expect([addQuarters('2023-Q1', -1), addQuarters('2023-Q4', 1)]).toEqual(['2022-Q4', '2024-Q1']);
    expect(periodOfQuarter('2024-Q1')).toEqual({ name: '2024-Q1', from: '2024-01-01', to: '2024-03-31' });
    expect(['2023-02', '2023-03'].map(endsQuarter)).toEqual([false, true]);
  });

  test('end at local midnight', () => {
    const june = periodOfMonth('2023-06');
    expect(isOver(june, 'Asia/Shanghai', new Date('2023-06-30T15:59:59.999Z'))).toBe(false);
    expect(isOver(june, 'Asia/Shanghai', new Date('2023-06-30T16:00:00Z'))).toBe(true);
  });
});
