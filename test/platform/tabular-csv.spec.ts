import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { CSV_BOM, csvLine, guarded, unguarded } from '../../src/platform/tabular/csv.js';
import { inPieces, readTable, refusal } from '../support/tables.js';

describe('reading CSV', () => {
  it.each([',', ';', '\t'])('finds the delimiter %j in the header row', async (delimiter) => {
    const text = '姓名,手机号,"a,b;c"\n张伟,1;2,3\n'.replaceAll(/,(?![^"]*;c)/g, delimiter);
    const { header, rows } = await readTable(text);
    expect(header).toEqual(['姓名', '手机号', 'a,b;c']);
    expect(rows[0]!.join(delimiter)).toBe(`张伟${delimiter}1;2${delimiter}3`);
  });

  it('reads rows that end in CRLF, LF or CR, the last with or without', async () => {
    for (const end of ['\r\n', '\n', '\r']) {
      for (const last of ['', end]) {
        const file = Buffer.from(['a,b', '1,2', '', '3,"4"'].join(end) + last);
        for (const size of [1, file.length]) {
          const { rows, rowNos } = await readTable(inPieces(file, size));
          expect(rows).toEqual([
            ['1', '2'],
            ['3', '4'],
          ]);
          expect(rowNos).toEqual([2, 4]);
        }
      }
    }
  });

  it('reads quoted cells: delimiters, doubled marks, line breaks, nothing', async () => {
    const { rows, rowNos } = await readTable('a,b,c\n"x,""y""","1\r\n2\n3",""\n"",p,q\n');
    expect(rows).toEqual([
      ['x,"y"', '1\r\n2\n3', ''],
      ['', 'p', 'q'],
    ]);
    expect(rowNos).toEqual([2, 3]);
  });

  it('takes a quotation mark within an unquoted cell as it is', async () => {
    expect((await readTable('a,b\n5"7,他说"转账"\n')).rows).toEqual([['5"7', '他说"转账"']]);
  });

  it('gives rows of another width as they are', async () => {
    expect((await readTable('a,b,c\n1\n1,2,3,4,,\n,,3\n1,,\n')).rows).toEqual([
      ['1'],
      ['1', '2', '3', '4'],
      ['', '', '3'],
      ['1', '', ''],
    ]);
  });

  it('says in which row a lone quotation mark is', async () => {
    expect(await refusal('a,b\n1,2\n3,"4\n5,6\n')).toEqual({ code: 'unterminated-quote', rowNo: 3 });
    expect(await refusal('a,b\n1,"\n')).toEqual({ code: 'unterminated-quote', rowNo: 2 });
    expect(await refusal('a,b\n1,"')).toEqual({ code: 'unterminated-quote', rowNo: 2 });
    expect(await refusal('a,b\n1,"2\n3,"4"\n')).toEqual({ code: 'misplaced-quote', rowNo: 2 });
  });

  it('does not take in a whole file after a lone quotation mark', async () => {
    let given = 0;
    function* endless(): Generator<Buffer> {
      yield Buffer.from('a,b\n1,"2\n');
      for (;;) {
        given += 65_536;
        yield Buffer.alloc(65_536, '3,4\n');
      }
    }
    expect(await refusal(endless())).toEqual({ code: 'unterminated-quote', rowNo: 2 });
    expect(given).toBeLessThan(300_000);
    function* manyCells(): Generator<Buffer> {
      yield Buffer.from('a,b\n');
      for (;;) yield Buffer.from('"1\n",'.repeat(10_000));
    }
    expect(await refusal(manyCells())).toEqual({ code: 'unterminated-quote', rowNo: 2 });
  });

  it('takes the digits out of ="…", which keeps them whole in Excel', async () => {
    expect((await readTable('a,b\n="13800138000","=""0123"""\n')).rows).toEqual([['13800138000', '0123']]);
  });

  it('agrees with another reader about any regular file', async () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '中', ' ', '"', ',', '\n', '\r\n', '1') }),
      fc.string(),
    );
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc
          .array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 })
          .map((rows) => ({ width, rows })),
      );
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\r\n', '\n'),
        fc.integer({ min: 1, max: 40 }),
        async ({ width, rows }, end, size) => {
          const header = Array.from({ length: width }, (_, at) => `c${at}`);
          const text = [header, ...rows.map((row) => row.map(quoted))].map((row) => row.join(',') + end).join('');
          const others = parse(text, { relax_column_count: true, skip_empty_lines: true }).slice(1) as string[][];
          const ours = await readTable(inPieces(Buffer.from(text), size));
          expect(ours.rows).toEqual(
            others.filter((row) => row.some((part) => part.trim() !== '')).map((row) => row.map(unguarded)),
          );
        },
      ),
    );
  });
});

describe('writing CSV', () => {
  it('writes CRLF, quotes what has to be quoted, and numbers as they are', () => {
    expect(csvLine(['a', 1, -2.5, 10n, true, null, undefined, ''])).toBe('a,1,-2.5,10,true,,,\r\n');
    expect(csvLine(['a,b', 'a"b', 'a\nb', 'a\rb', ' a '])).toBe('"a,b","a""b","a\nb","a\rb", a \r\n');
  });

  const formulas = [
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff20a',
    '-',
    '+86-138',
  ];
  it.each(formulas)('keeps %j from becoming a formula', (text) => {
    expect(guarded(text)).toBe(`'${text}`);
    expect(csvLine([text]).replace(/^"/, '').startsWith("'")).toBe(true);
  });

  it.each(['-5', '+5', '-12.50', '+8613800138000', '0', 'a=b', "it's", "'quoted'", ''])('leaves %j alone', (text) => {
    expect(guarded(text)).toBe(text);
  });

  it('gives back any text that was guarded, also one that looked so before', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '=', '-', '@', '\t', '"', '1', 'a', '+') }), (text) => {
        expect(unguarded(guarded(text))).toBe(text);
      }),
    );
  });

  it('is read back as it was written, in either encoding, however it is cut', async () => {
    const text = fc.oneof(
      fc.string({
        unit: fc.constantFrom(
          '=',
          "'",
          '-',
          '@',
          '"',
          ',',
          ';',
          '\t',
          '\r',
          '\n',
          ' ',
          '1',
          'x',
          '南',
          '阳',
          '龘',
          'é',
        ),
      }),
      // No NUL, and nothing that has no place in a text file.
      fc.string({ unit: 'binary' }).filter((any) => !any.includes('\0') && any.isWellFormed()),
    );
    const header = fc.uniqueArray(
      fc
        .string({ unit: fc.constantFrom('a', 'b', '姓', '名', ',', ';', '\t', '"', '\n', '=') })
        .map((name) => name.trim())
        .filter((name) => name !== ''),
      { minLength: 1, maxLength: 6 },
    );
    const table = header.chain((names) =>
      fc.record({
        names: fc.constant(names),
        rows: fc.array(fc.array(text, { minLength: names.length, maxLength: names.length }), { maxLength: 10 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), fc.integer({ min: 1, max: 50 }), async ({ names, rows }, mark, size) => {
        const file = Buffer.from((mark ? CSV_BOM : '') + [names, ...rows].map(csvLine).join(''));
        const read = await readTable(inPieces(file, size));
        expect(read.header).toEqual(names);
        expect(read.rows).toEqual(rows.filter((row) => row.some((cell) => guarded(cell).trim() !== '')));
      }),
      { numRuns: 300 },
    );
  });

  it('is read back from GB18030 with the words that officers write', async () => {
    const words = fc.string({
      unit: fc.constantFrom(...'南阳市卧龙区反诈预警张伟李娜转账冒充客服·,。""'),
      minLength: 1,
      maxLength: 12,
    });
    const rows = fc.array(fc.tuple(words, words, fc.integer().map(String)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (written, size) => {
        const file = iconv.encode([['姓名', '地址', '金额'], ...written].map(csvLine).join(''), 'gb18030');
        expect((await readTable(inPieces(file, size))).rows).toEqual(written);
      }),
    );
  });
});
