import { constants, crc32, deflateRawSync } from 'node:zlib';
import { momentText, numberText } from '../../src/platform/tabular/cell-value.js';
import { numberKind } from '../../src/platform/tabular/number-format.js';
import { inPieces, readTable, refusal } from '../support/tables.js';
import { rawZip, worksheet, xlsx, xlsxOf } from '../support/xlsx.js';

/** A sheet of one column below the header `x`. */
async function column(
  cells: Parameters<typeof xlsxOf>[0][number],
  book: Parameters<typeof xlsxOf>[1] = {},
): Promise<string[]> {
  const { rows } = await readTable([xlsxOf([['x', 'y'], ...cells.map((cell) => [cell, 1])], book)]);
  return rows.map(([first]) => first!);
}

const sheetOf = (rows: string): Buffer =>
  xlsx({
    sheets: [{ xml: worksheet(`<sheetData><row r="1"><c r="A1" t="str"><v>x</v></c></row>${rows}</sheetData>`) }],
  });

describe('reading a workbook', () => {
  it('reads texts, shared or inline, with line breaks and what XML cannot hold', async () => {
    expect(
      await column([
        '张伟',
        { inline: '<b>&"' },
        'a\nb',
        'a\r\nb',
        '_x005F_x0041_',
        { v: '文', t: 'str', formula: 'A1' },
      ]),
    ).toEqual(['张伟', '<b>&"', 'a\nb', 'a\r\nb', '_x0041_', '文']);
  });

  it('joins the runs of a formatted text and leaves the reading aids out', async () => {
    const strings =
      '<sst><si><t/></si><si><r><t>南</t></r><r><rPr><b/></rPr><t xml:space="preserve">阳 </t></r><rPh sb="0" eb="1"><t>nan</t></rPh></si></sst>';
    const cells = [
      { v: '1', t: 's' as const },
      { v: '0', t: 's' as const },
    ];
    expect(await column(cells, { parts: { 'xl/sharedStrings.xml': strings } })).toEqual(['南阳 ', '']);
    const inline =
      '<row r="2"><c t="inlineStr"><is><r><t>a</t></r><r><t><![CDATA[<b>]]></t></r><rPh><t>z</t></rPh></is></c></row>';
    expect((await readTable([sheetOf(inline)])).rows).toEqual([['a<b>']]);
  });

  it('gives numbers as their digits', async () => {
    const stored = [
      '13800138000',
      '1.3800138E10',
      '411302199001011230',
      '4.11302199001011E+17',
      '0.10000000000000001',
      '-3',
    ];
    expect(await column(stored.map((v) => ({ v })))).toEqual([
      '13800138000',
      '13800138000',
      '411302199001011230',
      '4.11302199001011E+17',
      '0.1',
      '-3',
    ]);
    expect(numberText('1234.5600000000001')).toBe('1234.56');
    expect(numberText('9.99999999999999E14')).toBe('999999999999999');
    expect(numberText('1E-7')).toBe('1E-7');
  });

  it('gives dates as dates, whatever format shows them', async () => {
    const styles = [
      14,
      22,
      'yyyy"年"m"月"d"日"',
      'yyyy-mm-dd\\ hh:mm:ss',
      '[$-804]上午/下午h:mm',
      '[h]:mm:ss',
      '0.00"day"',
      58,
      '#,##0.00_);[Red]\\d',
    ];
    const at = (v: string, style: number): { v: string; style: number } => ({ v, style });
    const cells = [
      at('45052', 1),
      at('45052.5', 2),
      at('45052', 3),
      at('45052.504293981481', 4),
      at('0.75', 5),
      at('1.5', 6),
      at('45052', 7),
      at('45052', 8),
      at('45052', 9),
      at('45052', 2),
      at('45052.25', 1),
    ];
    expect(await column(cells, { styles })).toEqual([
      '2023-05-06',
      '2023-05-06T12:00:00',
      '2023-05-06',
      '2023-05-06T12:06:11',
      '18:00:00',
      '36:00:00',
      '45052',
      '2023-05-06',
      '45052',
      '2023-05-06T00:00:00',
      '2023-05-06T06:00:00',
    ]);
  });

  it('knows both calendars, and the day that only Excel has', async () => {
    expect(
      await column(
        [
          { v: '43590', style: 1 },
          { v: '0', style: 1 },
        ],
        { styles: [14], date1904: true },
      ),
    ).toEqual(['2023-05-06', '1904-01-01']);
    const day = (serial: string): string => momentText(serial, 'date', false);
    expect([day('1'), day('59'), day('60'), day('61'), day('2958465'), day('2958466'), day('-1')]).toEqual([
      '1900-01-01',
      '1900-02-28',
      '60',
      '1900-03-01',
      '9999-12-31',
      '2958466',
      '-1',
    ]);
    expect(momentText('45051.999999999', 'date-time', false)).toBe('2023-05-06T00:00:00');
  });

  it.each([
    ['General', 'number'],
    ['0.00E+00', 'number'],
    ['@', 'number'],
    ['[Red]#,##0;"d"0', 'number'],
    ['mm:ss', 'time'],
    ['m"月"', 'date'],
    ['[DBNum1][$-804]yyyy"年"m"月"', 'date'],
    ['d/m/yy h:mm AM/PM', 'date-time'],
    ['[mm]:ss', 'duration'],
  ])('takes the format %j for a %s', (code, kind) => {
    expect(numberKind(200, code)).toBe(kind);
  });

  it('reads booleans, errors, ISO dates and the values that formulas had', async () => {
    const cells = [
      true,
      false,
      { v: '#N/A', t: 'e' as const },
      { v: '2023-05-06T12:00:00', t: 'd' as const },
      { v: '7', formula: '3+4' },
    ];
    expect(await column(cells)).toEqual(['true', 'false', '#N/A', '2023-05-06T12:00:00', '7']);
  });

  it('puts cells where their reference says, and fills up what is not stored', async () => {
    const file = xlsxOf([['a', 'b', 'c'], [null, 2], [], [1, null, null, 4], ['x', null, 'z']]);
    const table = await readTable(inPieces(file, 1));
    expect(table.rows).toEqual([
      ['', '2', ''],
      ['1', '', '', '4'],
      ['x', '', 'z'],
    ]);
    expect(table.rowNos).toEqual([2, 4, 5]);
    const loose = '<row><c><v>1</v></c></row><row r="9"><c><v>2</v></c></row>';
    expect((await readTable([sheetOf(loose)])).rowNos).toEqual([2, 9]);
  });

  it('reads the first sheet that is shown', async () => {
    const sheets = [
      { state: 'veryHidden' as const, rows: [['hidden']] },
      { state: 'hidden' as const, rows: [['hidden']] },
      { rows: [['shown'], ['1']] },
      { rows: [['second']] },
    ];
    expect(await readTable([xlsx({ sheets })])).toMatchObject({ header: ['shown'], rows: [['1']] });
    expect(await refusal([xlsx({ sheets: sheets.slice(0, 2) })])).toEqual({ code: 'no-sheet' });
  });

  it('reads other programs: prefixed elements, absolute targets, no styles and no shared texts', async () => {
    const sheet =
      '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>名</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>';
    const relations =
      '<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/xl/tables/one.xml"/></Relationships>';
    const workbook =
      '<x:workbook xmlns:x="m" xmlns:q="r"><x:sheets><x:sheet name="s" q:id="a"/></x:sheets></x:workbook>';
    const parts = {
      '_rels/.rels': null,
      'xl/workbook.xml': workbook,
      'xl/_rels/workbook.xml.rels': relations,
      'xl/tables/one.xml': sheet,
      'xl/styles.xml': null,
      'xl/sharedStrings.xml': null,
    };
    expect((await readTable([xlsx({ sheets: [], parts })])).header).toEqual(['名']);
  });

  it('gives texts back without the apostrophe that kept them from being formulas', async () => {
    expect(await column(["'=1+1", "'13800138000"])).toEqual(['=1+1', "'13800138000"]);
  });
});

describe('refusing a workbook', () => {
  const good = xlsxOf([['a'], ['1']]);

  it('refuses archives that are none, or hold something else', async () => {
    expect(await refusal([rawZip([])])).toEqual({ code: 'not-a-workbook' });
    expect(await refusal([xlsxOf([['a']], { parts: { 'xl/workbook.xml': null } })])).toEqual({
      code: 'not-a-workbook',
    });
    const packed = deflateRawSync('x');
    expect(await refusal([rawZip([{ name: 'xl/workbook.xml', packed, size: 1, flags: 1 }])])).toEqual({
      code: 'encrypted-file',
    });
  });

  it('refuses a damaged one, wherever it is cut or changed', async () => {
    for (let length = 4; length < good.length; length += 7) {
      expect(await refusal([good.subarray(0, length)])).toEqual({ code: 'damaged-file' });
    }
    let unnoticed = 0;
    for (let at = 4; at < good.length; at += 3) {
      const changed = Buffer.from(good);
      changed[at]! ^= 0x55;
      // A byte that says nothing (a date, a version) may change; whatever is read is then what was written.
      if (await refusal([changed])) continue;
      unnoticed++;
      expect((await readTable([changed])).rows).toEqual([['1']]);
    }
    expect(unnoticed).toBeLessThan(good.length / 3 / 2);
  });

  it('looks up nothing: no DOCTYPE, no entity', async () => {
    const doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
    const sheet = worksheet('<sheetData><row><c t="str"><v>&e;</v></c></row></sheetData>');
    const withDoctype = sheet.replace('<worksheet', `${doctype}<worksheet`);
    expect(await refusal([xlsx({ sheets: [{ xml: withDoctype }] })])).toEqual({ code: 'unsafe-file' });
    expect(await refusal([xlsx({ sheets: [{ xml: sheet }] })])).toEqual({ code: 'damaged-file' });
    const parts = { 'xl/sharedStrings.xml': `${doctype}<sst/>` };
    expect(await refusal([xlsxOf([['a']], { parts })])).toEqual({ code: 'unsafe-file' });
  });

  it('refuses XML that is too deep, too long in one piece, or not what it refers to', async () => {
    expect(await refusal([sheetOf('<a>'.repeat(100) + '</a>'.repeat(100))])).toEqual({ code: 'damaged-file' });
    const noise = Buffer.from(Array.from({ length: 2_000_000 }, (_, at) => 97 + ((at * at) % 23))).toString();
    expect(await refusal([sheetOf(`<!--${noise}-->`)])).toEqual({ code: 'damaged-file' });
    expect(await refusal([sheetOf('<row r="1"/>')])).toEqual({ code: 'damaged-file' });
    expect(await refusal([sheetOf('<row><c r="1"><v>1</v></c></row>')])).toEqual({ code: 'damaged-file' });
    expect(await refusal([sheetOf('<row><c t="s"><v>99</v></c></row>')])).toEqual({ code: 'damaged-file' });
    expect(await refusal([sheetOf('<row><c r="XFD2"><v>1</v></c></row>')])).toMatchObject({ code: 'too-many-columns' });
  });

  describe('zip bombs', () => {
    /** `mebibytes` of the same character, packed a thousandfold, made without unpacking it here. */
    function flood(mebibytes: number): Buffer {
      const block = deflateRawSync(Buffer.alloc(1024 * 1024, '0'), { finishFlush: constants.Z_FULL_FLUSH });
      return Buffer.concat([...Array<Buffer>(mebibytes).fill(block), deflateRawSync('')]);
    }
    const workbook = (packed: Buffer, size: number): Buffer =>
      rawZip([
        part('xl/workbook.xml', '<workbook xmlns:r="r"><sheets><sheet name="s" r:id="a"/></sheets></workbook>'),
        part(
          'xl/_rels/workbook.xml.rels',
          '<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>',
        ),
        { name: 'xl/s.xml', packed, size },
      ]);
    const part = (name: string, text: string): Parameters<typeof rawZip>[0][number] => ({
      name,
      packed: deflateRawSync(text),
      size: text.length,
      crc: crc32(text),
    });

    it.each([
      ['says so', 1024 * 1024 * 1024],
      ['says it is small', 1_000],
      ['says a size that its packed bytes could have', 100 * 1024 * 1024],
    ])('refuses a gigabyte that %s in little time and memory', async (_, size) => {
      const bomb = workbook(flood(1024), size);
      expect(bomb.length).toBeLessThan(2_000_000);
      const before = process.memoryUsage().rss;
      const start = performance.now();
      const refused = await refusal([bomb]);
      expect(performance.now() - start).toBeLessThan(1_000);
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
      expect(['zip-bomb', 'damaged-file']).toContain(refused?.code);
    });

    it('refuses more parts, more unpacked bytes and more shared texts than it may', async () => {
      expect(await refusal([good], { maxEntries: 3 })).toEqual({ code: 'zip-bomb' });
      expect(await refusal([good], { maxInflatedBytes: 1_000 })).toEqual({ code: 'zip-bomb' });
      const texts = xlsxOf([['a'], ...Array.from({ length: 1_000 }, (_, at) => [`text ${at}`])]);
      expect(await refusal([texts], { maxSharedStringBytes: 20_000 })).toEqual({ code: 'zip-bomb' });
      expect(await refusal([texts])).toBeUndefined();
    });

    it('refuses two parts of one name', async () => {
      expect(await refusal([rawZip([part('xl/workbook.xml', 'a'), part('XL\\workbook.xml', 'b')])])).toEqual({
        code: 'damaged-file',
      });
    });
  });
});
