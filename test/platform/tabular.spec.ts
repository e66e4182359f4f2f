import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { TableError, tableErrorCodes } from '../../src/platform/tabular/table-error.js';
import { openTable } from '../../src/platform/tabular/table.js';
import { inPieces, readTable, refusal } from '../support/tables.js';
import { xlsxOf } from '../support/xlsx.js';

const chinese = '姓名,手机号,金额\r\n张伟,13800138000,1.5\r\n李娜,13900139000,龴\r\n';
const cells = [
  ['张伟', '13800138000', '1.5'],
  ['李娜', '13900139000', '龴'],
];
const bom = Buffer.from('\uFEFF');
const gb = (text: string): Buffer => iconv.encode(text, 'gb18030');

describe('what a file is', () => {
  const plain = chinese.replace('龴', '2');
  const plainCells = [cells[0], ['李娜', '13900139000', '2']];
  const encodings: [string, Buffer][] = [
    ['UTF-8', Buffer.from(plain)],
    ['UTF-8 with a byte order mark', Buffer.concat([bom, Buffer.from(plain)])],
    ['GB18030', gb(plain)],
    ['UTF-16LE with a byte order mark', iconv.encode(plain, 'utf-16le', { addBOM: true })],
    ['UTF-16BE with a byte order mark', iconv.encode(plain, 'utf-16be', { addBOM: true })],
  ];
  it.each(encodings)('reads %s, also when it comes byte by byte', async (_, file) => {
    for (const size of [1, 2, 3, 7, file.length]) {
      const table = await readTable(inPieces(file, size));
      expect(table).toEqual({ format: 'csv', header: ['姓名', '手机号', '金额'], rows: plainCells, rowNos: [2, 3] });
    }
  });

  it('reads the characters of GB18030 that take four bytes, and those beyond GBK', async () => {
    const table = await readTable(
      inPieces(Buffer.concat([gb('姓名,备注\n𠀀㐀,'), Buffer.from([0xfe, 0x59]), gb('\n')]), 1),
    );
    expect(table.rows).toEqual([['𠀀㐀', '龴']]);
  });

  it('decides by the first text beyond ASCII, wherever it comes', async () => {
    const ascii = 'name,phone\n' + 'wang,13800138000\n'.repeat(20_000);
    for (const encode of [gb, Buffer.from]) {
      const { rows } = await readTable([Buffer.from(ascii), encode('张伟,1\n')]);
      expect(rows.length).toBe(20_001);
      expect(rows.at(-1)).toEqual(['张伟', '1']);
    }
  });

  it('refuses a file whose lines are in two encodings, and says where it changes', async () => {
    const header = '姓名,地址\n';
    const rows = '张伟,南阳市卧龙区\n李娜,七一路街道\n';
    const filler = Buffer.from('王芳,南阳市宛城区汉冶街道\n'.repeat(20_000));
    const mixed = { code: 'mixed-encoding' };
    expect(await refusal([Buffer.from(header + rows), gb(rows)])).toEqual({ ...mixed, lineNo: 4 });
    expect(await refusal([bom, Buffer.from(header), gb(rows)])).toEqual({ ...mixed, lineNo: 2 });
    expect(await refusal([gb(header + rows), Buffer.from('周敏,南阳市\n'), gb(rows)])).toEqual({ ...mixed, lineNo: 4 });
    expect(await refusal([gb(header + rows + rows), Buffer.from('a,张伟\n')])).toEqual({ ...mixed, lineNo: 6 });
    expect(await refusal([Buffer.from(header), filler, gb(rows)])).toEqual({ ...mixed, lineNo: 20_002 });
    expect(await refusal([gb(header), gb(filler.toString()), Buffer.from(rows)])).toEqual({ ...mixed, lineNo: 20_002 });
  });

  it('refuses text that is neither UTF-8 nor GB18030', async () => {
    const bad = Buffer.from([0x61, 0x2c, 0xff, 0xff, 0x0a]);
    expect(await refusal([gb('姓名,地址\n'), bad])).toEqual({ code: 'unknown-encoding', lineNo: 2 });
    const cut = Buffer.from('姓名,地址\n张伟,南阳市').subarray(0, -2);
    expect(await refusal([cut, Buffer.from('\n')])).toEqual({ code: 'unknown-encoding', lineNo: 2 });
    expect(await refusal([iconv.encode('a,b\n1,2\n', 'utf-16le', { addBOM: true }).subarray(0, -1)])).toEqual({
      code: 'unknown-encoding',
      lineNo: 2,
    });
  });

  const strangers: [string, string, Buffer][] = [
    ['an empty file', 'empty-file', Buffer.alloc(0)],
    ['blank lines', 'empty-file', Buffer.from('\n \r\n\n')],
    ['a byte order mark alone', 'empty-file', bom],
    ['an old or protected workbook', 'legacy-workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['a PDF', 'not-a-table', Buffer.from('%PDF-1.7\n')],
    ['a PNG', 'not-a-table', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['a JPEG', 'not-a-table', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['gzip', 'not-a-table', gzipSync(chinese)],
    ['a page that calls itself a workbook', 'not-a-table', Buffer.from('\n<html><table><tr><td>1</td></tr></table>')],
    ['a workbook of 2003 in XML', 'not-a-table', Buffer.from('<?xml version="1.0"?><Workbook/>')],
    ['JSON', 'not-a-table', Buffer.from('[{"phone":"13800138000"}]')],
    ['NUL bytes', 'binary-content', Buffer.from('name,phone\nwang,\0\n')],
    ['UTF-16 without a byte order mark', 'binary-content', iconv.encode('name,phone\n', 'utf-16le')],
    ['control characters', 'binary-content', Buffer.from([1, 2, 3, 0x2c, 5])],
  ];
  it.each(strangers)('refuses %s', async (_, code, file) => {
    expect(await refusal([file])).toMatchObject({ code });
    expect(await refusal(inPieces(file, 1))).toMatchObject({ code });
  });

  it('refuses NUL bytes far down too', async () => {
    const file = Buffer.from(`name\n${'wang\n'.repeat(50_000)}\0\n`);
    expect(await refusal([file])).toEqual({ code: 'binary-content' });
  });
});

describe('the header', () => {
  it('is the first row with content, trimmed, without the empty columns after it', async () => {
    const { header, rows, rowNos } = await readTable('\n,,\n 姓名 ,,phone,,\n张伟,x,1,,\n');
    expect(header).toEqual(['姓名', '', 'phone']);
    expect(rows).toEqual([['张伟', 'x', '1']]);
    expect(rowNos).toEqual([4]);
  });

  it('is looked for under a title where the caller knows it', async () => {
    const isHeader = (row: string[]): boolean => row.includes('手机号');
    const sheet = xlsxOf([['南阳市预警线索表'], [], ['姓名', '手机号'], ['张伟', 13800138000]]);
    expect(await readTable([sheet], { isHeader })).toEqual({
      format: 'xlsx',
      header: ['姓名', '手机号'],
      rows: [['张伟', '13800138000']],
      rowNos: [4],
    });
    const without = await readTable('a,b\n1,2\n', { isHeader });
    expect(without).toMatchObject({ header: ['a', 'b'], rows: [['1', '2']] });
  });

  it('may be all there is', async () => {
    expect(await readTable('name,phone')).toMatchObject({ header: ['name', 'phone'], rows: [] });
  });

  it('may not have one name twice', async () => {
    expect(await refusal('name,phone, name \n1,2,3\n')).toEqual({ code: 'duplicate-header' });
  });
});

describe('limits', () => {
  const wide = (count: number): string => Array.from({ length: count }, (_, at) => `c${at}`).join(',') + '\n';

  it('takes 100 columns and refuses 200', async () => {
    expect((await readTable(wide(100))).header.length).toBe(100);
    expect(await refusal(wide(200))).toEqual({ code: 'too-many-columns', rowNo: 1, limit: 100 });
    expect(await refusal('a\n' + wide(200))).toEqual({ code: 'too-many-columns', rowNo: 2, limit: 100 });
    const columns = Array.from({ length: 200 }, (_, at) => `c${at}`);
    expect(await refusal([xlsxOf([columns])])).toEqual({ code: 'too-many-columns', rowNo: 1, limit: 100 });
  });

  it('refuses more rows, longer cells and larger files than it may', async () => {
    expect(await refusal('a\n1\n2\n', { maxRows: 2 })).toBeUndefined();
    expect(await refusal('a\n1\n2\n3\n', { maxRows: 2 })).toEqual({ code: 'too-many-rows', limit: 2 });
    expect(await refusal(`a,b\n1,${'x'.repeat(11)}\n`, { maxCellLength: 10 })).toMatchObject({ code: 'cell-too-long' });
    expect(await refusal(`a,b\n1,"${'x'.repeat(11)}"\n`, { maxCellLength: 10 })).toEqual({
      code: 'cell-too-long',
      rowNo: 2,
      limit: 10,
    });
    expect(await refusal([xlsxOf([['a'], ['x'.repeat(11)]])], { maxCellLength: 10 })).toEqual({
      code: 'cell-too-long',
      rowNo: 2,
      limit: 10,
    });
    expect(await refusal('a\n1\n', { maxFileBytes: 3 })).toEqual({ code: 'file-too-large', limit: 3 });
    expect(await refusal([xlsxOf([['a']])], { maxWorkbookBytes: 100 })).toEqual({ code: 'file-too-large', limit: 100 });
  });

  it('gives up on a line without end before it is all in memory', async () => {
    let given = 0;
    function* endless(): Generator<Buffer> {
      for (;;) {
        given += 65_536;
        yield Buffer.alloc(65_536, 'x');
      }
    }
    expect(await refusal(endless())).toEqual({ code: 'row-too-long', lineNo: 1 });
    expect(given).toBeLessThan(6_000_000);
  });
});

describe('the source', () => {
  const line = '1,2\n';
  const filler = line.repeat(50_000);
  function watched(file: string): { bytes: AsyncGenerator<Buffer>; state: { open: boolean } } {
    const state = { open: true };
    async function* give(): AsyncGenerator<Buffer> {
      try {
        yield* inPieces(Buffer.from(file + filler), 10_000);
      } finally {
        state.open = false;
      }
    }
    return { bytes: give(), state };
  }
  const file = `a,b\n${filler}`;

  it('is let go when the rows are read, when the reader stops, and when it never starts', async () => {
    const all = watched(file);
    expect((await readTable(all.bytes)).rows.length).toBe(100_000);
    expect(all.state.open).toBe(false);

    const some = watched(file);
    for await (const _ of (await openTable(some.bytes)).rows) break;
    expect(some.state.open).toBe(false);

    const none = watched(file);
    await (await openTable(none.bytes)).close();
    expect(none.state.open).toBe(false);
  });

  it('is let go when the file is refused', async () => {
    for (const bad of ['%PDF-\n', 'a,a\n', 'a,b\n"3"x,4\n', `a,b\n${filler}"3"x,4\n`]) {
      const { bytes, state } = watched(bad);
      expect(await refusal(bytes)).toBeDefined();
      expect(state.open).toBe(false);
    }
  });

  it('passes on its own error', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      throw new Error('connection reset');
    }
    await expect(openTable(broken())).rejects.toThrow('connection reset');
  });
});

describe('a refusal', () => {
  it('tells the officer what to do, in both languages, and quotes nothing', async () => {
    for (const code of tableErrorCodes) {
      const error = new TableError(code, { rowNo: 7, lineNo: 7, limit: 1024 * 1024 });
      expect(error.message).toMatch(/^[A-Z].+\.$/);
      expect(error.messageZh).toMatch(/。$/);
    }
    const secret = await openTable([Buffer.from('a\n"张伟"13800138000\n')])
      .then(
        async ({ rows }) => rows.next(),
        (error: TableError) => error,
      )
      .catch((error: TableError) => error);
    expect(secret).toMatchObject({ code: 'misplaced-quote', place: { rowNo: 2 } });
    expect(JSON.stringify([String(secret), (secret as TableError).messageZh])).not.toMatch(/张伟|138/);
  });
});
