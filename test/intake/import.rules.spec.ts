import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { IMPORT_FIELDS, SIGNAL_COLUMNS } from '../../src/intake/import.header.rules.js';
import { signalRows } from '../../src/intake/import.row.rules.js';
import {
  digitsOf,
  divisionOf,
  fenOf,
  groupOf,
  kindOf,
  LocalTimes,
  riskOf,
} from '../../src/intake/import.value.rules.js';
import { ReasonWriter, SIGNAL_WORDINGS } from '../../src/intake/import.wording.js';
import { readSignal, type IntakeContext } from '../../src/intake/signal.rules.js';
import { normalizeLabel } from '../../src/organization/fraud-type.js';
import { NANYANG, snapshotOf } from '../organization/samples.js';

const organization = snapshotOf(NANYANG);
const CONTEXT: IntakeContext = {
  organization,
  city: organization.byCode('4113')!,
  now: new Date('2023-06-01T09:30:00+08:00'),
  sources: ['national-platform'],
};
const ZH = ['来源', '来源编号', '发现时间', '风险等级', '诈骗类型', '手机号'];
const EN = ['source', 'sourceRef', 'detectedAt', 'riskLevel', 'fraudType', 'phone'];

describe('the header of a file of signals', () => {
  it('is taken in Chinese and in English, whatever case, blanks, brackets and width', () => {
    expect(SIGNAL_COLUMNS.faultsOf(ZH)).toEqual([]);
    expect(SIGNAL_COLUMNS.faultsOf(EN)).toEqual([]);
    expect(
      SIGNAL_COLUMNS.faultsOf(['SOURCE', 'Source Ref', 'detected_at', 'Risk Level', 'fraud-type', '手机号 *']),
    ).toEqual([]);
    expect(SIGNAL_COLUMNS.faultsOf([...ZH, '嫌疑ＡＰＰ', '风险金额（元）', '', ' 特殊群体 '])).toEqual([]);
  });

  it('names everything that is missing, unknown or there twice', () => {
    const faults = SIGNAL_COLUMNS.faultsOf([
      '来源',
      '手机号',
      '联系电话',
      '颜色',
      'kind',
      '预警类型',
      '风险金额(元)',
      'amountAtRiskFen',
    ]);
    expect(faults.map(({ message }) => message)).toEqual([
      '来源编号 (sourceRef) is missing',
      '发现时间 (detectedAt) is missing',
      '风险等级 (riskLevel) is missing',
      '诈骗类型 (fraudType) is missing',
      '"颜色" (column D) is not a column of a file of signals',
      '"联系电话" (column C) says the same as "手机号" (column B)',
      '"预警类型" (column F) says the same as "kind" (column E)',
      '"amountAtRiskFen" (column H) says the same as "风险金额(元)" (column G)',
    ]);
  });

  it('is never a row of data: the values of a file without a header are not quoted', () => {
    const data = ['national-platform', 'NP-1', '2023-06-01 09:30', '高', '刷单返利', '13800001234', '王某某'];
    expect(SIGNAL_COLUMNS.isHeader(data)).toBe(false);
    expect(JSON.stringify(SIGNAL_COLUMNS.faultsOf(data))).not.toMatch(/13800001234|王某某/);
    expect(JSON.stringify(SIGNAL_COLUMNS.faultsOf([...ZH, '１３８００００１２３４']))).not.toMatch(/１３８/);
  });

  it('has no word that stands for two columns', () => {
    const all = Object.values(IMPORT_FIELDS).flatMap(({ names }) => [...new Set(names.map(normalizeLabel))]);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('values of a file', () => {
  it('are the labels that officers use, or what they were', () => {
    expect(['紧急', '高', '中 ', '低风险', 'HIGH', '深红'].map(riskOf)).toEqual([
      'urgent',
      'high',
      'medium',
      'low',
      'high',
      '深红',
    ]);
    expect(['资金预警', '通联', '网络/App', '警银联动', '96110', 'Bank counter'].map(kindOf)).toEqual([
      'fund',
      'telecom',
      'network',
      'bank-counter',
      'hotline',
      'bank-counter',
    ]);
    expect(['老年人', '学生', '未成年人', '财会人员', '无', '官员'].map(groupOf)).toEqual([
      'elderly',
      'student',
      'minor',
      'finance-staff',
      'none',
      '官员',
    ]);
    expect(digitsOf("'１３８００００１２３４")).toBe('13800001234');
    expect(['411322100000', '411322000000', '411300000000', '411322100', '411322100001'].map(divisionOf)).toEqual([
      '411322100',
      '411322',
      '4113',
      '411322100',
      '411322100001',
    ]);
  });

  it.each([
    ['200000', 20_000_000],
    ['1,234.56', 123_456],
    ['￥１，２３４．５', 123_450],
    ['0.1', 10],
    ['0.290', 29],
    ['100元', 10_000],
    ['20万', 20_000_000],
    ['1.005万元', 1_005_000],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
    ['90071992547409.92', undefined],
    ['0.001', undefined],
    ['-1', undefined],
    ['1e5', undefined],
    ['1,23', undefined],
    ['', undefined],
    ['很多', undefined],
  ])('%s yuan are %s fen', (text, fen) => {
    expect(fenOf(text, 'yuan')).toBe(fen);
  });

  it('turns yuan into fen exactly, whatever the amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (fen) => {
        const digits = String(fen).padStart(3, '0');
        expect(fenOf(`${digits.slice(0, -2)}.${digits.slice(-2)}`, 'yuan')).toBe(fen);
        const more = String(fen).padStart(7, '0');
        expect(fenOf(`${more.slice(0, -6)}.${more.slice(-6)}`, 'ten-thousand-yuan')).toBe(fen);
      }),
    );
  });

  it.each([
    ['2023-06-01 09:30', '2023-06-01T01:30:00.000Z'],
    ['2023/6/1 9:30:05', '2023-06-01T01:30:05.000Z'],
    ['2023.06.01 9:30', '2023-06-01T01:30:00.000Z'],
    ['2023年6月1日 9时30分', '2023-06-01T01:30:00.000Z'],
    ['2023年6月1日9时30分5秒', '2023-06-01T01:30:05.000Z'],
    ['２０２３－０６－０１　０９：３０', '2023-06-01T01:30:00.000Z'],
    ['2023-06-01T09:30:00', '2023-06-01T01:30:00.000Z'],
    ['2023-06-01', '2023-05-31T16:00:00.000Z'],
    ['2023-06-01T09:30:00+08:00', '2023-06-01T09:30:00+08:00'],
    ['2023-02-29 09:30', '2023-02-29 09:30'],
    ['2023-06-01 24:00', '2023-06-01 24:00'],
    ['2023-6-109:30', '2023-6-109:30'],
    ['45078.395833', '45078.395833'],
    ['昨天', '昨天'],
  ])('%s in Shanghai is %s', (text, expected) => {
    expect(new LocalTimes('Asia/Shanghai').instantOf(text)).toBe(expected);
  });

  it('knows days on which the clocks change', () => {
    const berlin = new LocalTimes('Europe/Berlin');
    expect(berlin.instantOf('2023-03-26 01:59')).toBe('2023-03-26T00:59:00.000Z');
    expect(berlin.instantOf('2023-03-26 02:30')).toBe('2023-03-26 02:30');
    expect(berlin.instantOf('2023-03-26 03:00')).toBe('2023-03-26T01:00:00.000Z');
    expect(berlin.instantOf('2023-10-29 23:00')).toBe('2023-10-29T22:00:00.000Z');
  });
});

describe('what officers read about a rejected row', () => {
  const bad = {
    来源: 'elsewhere',
    来源编号: 'a\u0007b',
    发现时间: '2023-02-30 09:00',
    预警类型: '飞鸽',
    风险等级: '深红',
    诈骗类型: '外星',
    行政区划代码: '420100',
    姓名: '王'.repeat(101),
    手机号: '12345',
    身份证号: '411322196501011230',
    特殊群体: '官员',
    '风险金额(元)': '-3',
  };
  const rowOf = (header: string[]) => signalRows(header, new LocalTimes('Asia/Shanghai'));
  const reasonOf = (header: string[], cells: string[]): string => {
    const result = readSignal(rowOf(header).rawOf(cells), CONTEXT);
    return new ReasonWriter(SIGNAL_COLUMNS, SIGNAL_WORDINGS, header).reasonOf('faults' in result ? result.faults : []);
  };

  it('names the columns of the file, in Chinese where its header is', () => {
    expect(reasonOf(Object.keys(bad), Object.values(bad)).split('；').sort()).toEqual(
      [
        '来源编号：含有不可见字符',
        '来源：不在该密钥允许的来源之内',
        '发现时间：不是有效的时间，应如 2023-06-01 09:30',
        '预警类型：应为：资金预警、通联、网络/App、警银联动、96110/群众举报',
        '风险等级：应为：紧急、高、中、低',
        '诈骗类型：不是已知的诈骗类型',
        '风险金额(元)：不是有效的金额（不能为负，最小到分）',
        '行政区划代码：不属于单位4113的辖区',
        '姓名：不能超过 100 个字符',
        '手机号：不是大陆手机号，也不是带区号的固定电话（请检查是否被表格软件改成了科学计数）',
        '身份证号：不是有效的 18 位身份证号（位数、出生日期或校验码有误）',
        '特殊群体：应为：老年人、学生、未成年人、财会人员、无',
      ].sort(),
    );
    const english = reasonOf(EN, ['', 'x', '昨天', '', 'nothing', '12']);
    expect(english).toContain('source: is required');
    expect(english).toContain('detectedAt: must be a time that exists, such as 2023-06-01 09:30');
    expect(english).not.toMatch(/GET|offset|fen /);
  });

  it('has a sentence for every fault that the rules find', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        '高',
        '2023-06-01',
        '2123-01-01',
        '1903-01-01',
        '13800001234',
        '4113',
        '41',
        'x'.repeat(2_001),
      ),
      fc.string({ unit: 'binary', maxLength: 50 }),
    );
    const header = Object.keys(bad);
    fc.assert(
      fc.property(fc.array(cell, { minLength: header.length, maxLength: header.length }), (cells) => {
        // Latin letters stand in names of columns and of applications only.
        expect(reasonOf(header, cells).replaceAll('网络/App', '')).not.toMatch(/[A-Za-z]{2}/);
      }),
      { numRuns: 500 },
    );
  });

  it('finds values that stand under no header', () => {
    expect(rowOf([...ZH, '', '姓名']).strayFaults(['a', 'b', 'c', 'd', 'e', 'f', ' ', '王', '', 'x'])).toEqual([
      { pointer: '/columns/9', message: 'column J has a value and no name' },
    ]);
    expect(
      new ReasonWriter(SIGNAL_COLUMNS, SIGNAL_WORDINGS, ZH).reasonOf([
        { pointer: '/columns/9', message: 'column J has a value and no name' },
      ]),
    ).toBe('J 列没有列名却有内容（可能多了一个分隔符）');
  });
});

test('docs/import.md names every column', async () => {
  const text = await readFile(new URL('../../docs/import.md', import.meta.url), 'utf8');
  for (const [field, { names }] of Object.entries(IMPORT_FIELDS)) {
    for (const name of names)
      expect({ field, name, listed: text.includes(`\`${name}\``) }).toEqual({ field, name, listed: true });
  }
  expect(SIGNAL_COLUMNS.columnsOf(ZH)).toHaveLength(ZH.length);
});
