import { PassThrough } from 'node:stream';
import { displayWidth, table } from '../../src/cli/output.js';
import { inWords, showProgress } from '../../src/cli/progress.js';

test('a Chinese character takes two columns', () => {
  expect(displayWidth('abc')).toBe(3);
  expect(displayWidth('卧龙区')).toBe(6);
  expect(displayWidth('（三级）')).toBe(8);
  expect(displayWidth('é́')).toBe(1);
});

test('tables line up where names are Chinese', () => {
  const rows = [
    { name: '卧龙区分局', cases: 7 },
    { name: 'Xixia', cases: 1200 },
  ];
  expect(
    table(rows, [
      { title: '机构', value: ({ name }) => name },
      { title: 'cases', value: ({ cases }) => cases, align: 'right' },
    ]),
  ).toBe(['机构        cases', '----------  -----', '卧龙区分局      7', 'Xixia        1200', ''].join('\n'));
});

test('progress tells what is done, how fast, and how long it will take', () => {
  expect(inWords(1_200, 11_000, 'signals', 2_000)).toBe('1,200 of 11,000 signals (10%), 600/s, 17 s left');
  expect(inWords(0, 10, 'rows', 0)).toBe('0 of 10 rows (0%), 0/s, time left unknown');
  expect(inWords(10, 10, 'rows', 65_000)).toBe('10 of 10 rows (100%), 0.2/s, in 1 min 5 s');
});

test('without a terminal progress is plain lines', () => {
  const stream = new PassThrough();
  const progress = showProgress('import', 3, 'rows', stream as unknown as NodeJS.WriteStream);
  progress.advance(3);
  progress.stop();
  expect(String(stream.read())).toMatch(/^import: 3 of 3 rows \(100%\), [\d,.]+\/s, in \d+ s\n$/);
});
