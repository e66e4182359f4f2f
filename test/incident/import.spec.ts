import { World, type Answer } from '../case/support.js';
import { csv, finished } from '../intake/support.js';
import type { Officer } from '../support/app.js';

let world: World;
beforeAll(async () => {
  world = await World.start(['city', 'county', 'township', 'county2']);
});
afterAll(() => world.stop());

const HEADER = [
  '来源',
  '来源编号',
  '报案时间',
  '姓名',
  '手机号',
  '诈骗类型',
  '损失金额(元)',
  '转账时间',
  '转账金额',
  '转入账号',
  '转入银行',
];
let serial = 0;
function row(overrides: Partial<Record<(typeof HEADER)[number], string>> = {}): string[] {
  serial += 1;
  const cells: Record<string, string> = {
    来源: '110',
    来源编号: `F-${serial}`,
    报案时间: '2023-06-01 09:00',
    姓名: '李小明',
    手机号: `139${String(30_000_000 + serial)}`,
    诈骗类型: '刷单返利',
    '损失金额(元)': '5,000.50',
    转账时间: '2023-06-01 08:00',
    转账金额: '3000',
    转入账号: '6217001234567788',
    转入银行: '建设银行',
    ...overrides,
  };
  return HEADER.map((name) => cells[name] ?? '');
}
/** A row that adds a transfer to the incident of another. */
const more = (of: string[], amount: string): string[] =>
  row({ 来源编号: of[1], 报案时间: '', 姓名: '', 手机号: of[4], 诈骗类型: '', '损失金额(元)': '', 转账金额: amount });

async function handIn(who: Officer, rows: string[][], query = ''): Promise<Answer['body']> {
  const sent = await who.upload(`/incidents/import${query}`, csv(HEADER, rows), '警情.csv');
  if (sent.status !== 202) throw new Error(`${sent.status} ${sent.text}`);
  const { id } = sent.body as { id: string };
  return { id, ...(await finished(who, id)) };
}
const counted = ({ created, merged, duplicates, rejected }: Answer['body']): unknown => ({
  created,
  merged,
  duplicates,
  rejected,
});

test('a file is taken in, each adjacent row of one reference with its transfer', async () => {
  const county = world.as('county');
  const [one, two] = [row(), row()];
  const rows = [one, more(one, '1999.5'), two, two, row({ 手机号: '123' })];
  const done = await handIn(county, rows);
  expect(done).toMatchObject({ subject: 'incidents', status: 'completed', total: 5, fileName: '警情.csv' });
  expect(counted(done)).toEqual({ created: 2, merged: 1, duplicates: 1, rejected: 1 });
  const { items } = (await world.get('county', `/incidents?phone=${one[4]}`)).body;
  expect(items).toMatchObject([{ lossFen: 500_050, transferredFen: 499_950, holder: { code: '411322' } }]);
  const single = (await world.get('county', `/incidents/${items[0].id}`)).body;
  expect(single.transfers).toMatchObject([
    { no: 1, amountFen: 300_000, toBank: '建设银行' },
    { no: 2, amountFen: 199_950 },
  ]);
  // The same file again: nothing new, and what was wrong is wrong again.
  expect(counted(await handIn(county, rows))).toEqual({ created: 0, merged: 0, duplicates: 4, rejected: 1 });
});

test('one wrong row rejects its incident whole, each row with its own reason', async () => {
  const county = world.as('county');
  const one = row();
  const changed = more(one, '0');
  changed[4] = '13912345678';
  const done = await handIn(county, [one, more(one, '-1'), changed, row()]);
  expect(counted(done)).toEqual({ created: 1, merged: 0, duplicates: 0, rejected: 3 });
  const { text } = await county.get(`/imports/${done.id as string}/rejects.csv`);
  const lines = text.trim().split('\r\n').slice(1);
  expect(lines.map((line) => line.split(',').slice(-2).join(' '))).toEqual([
    '2 同一警情的其他行有误',
    '3 转账金额：不是有效的金额（不能为负，最小到分）',
    '4 手机号：与上一行同一警情的内容不一致；转账金额：不是有效的金额（不能为负，最小到分）',
  ]);
});

test('a dry run says what would become of the rows, and changes nothing', async () => {
  const county = world.as('county');
  const stored = row();
  await handIn(county, [stored]);
  const [one, two] = [row(), row()];
  const clash = [...stored];
  clash[6] = '1';
  const rows = [stored, one, more(one, '5'), two, row(), two, clash, row({ 诈骗类型: '外星' })];
  const done = await handIn(county, rows, '?dryRun=true');
  expect(done).toMatchObject({ dryRun: true, status: 'completed' });
  expect(counted(done)).toEqual({ created: 3, merged: 1, duplicates: 2, rejected: 2 });
  expect((await world.get('county', `/incidents?phone=${one[4]}`)).body.items).toEqual([]);
});

test('rows of one incident stay together across the thousands that are taken in at once', async () => {
  const rows = Array.from({ length: 998 }, () => row());
  const last = row();
  rows.push(last, more(last, '1'), more(last, '2'), more(last, '3'), row());
  const done = await handIn(world.as('county'), rows);
  expect(counted(done)).toEqual({ created: 1_000, merged: 3, duplicates: 0, rejected: 0 });
  const { items } = (await world.get('county', `/incidents?phone=${last[4]}`)).body;
  expect(items).toMatchObject([{ transferredFen: 300_000 + 600 }]);
  expect((await world.get('county', '/incidents?limit=1')).body.items).toMatchObject([{ status: 'reported' }]);
});

test('a wrong header is refused, and an import is its agency’s own', async () => {
  const refused = await world
    .as('county')
    .upload('/incidents/import', csv(['来源', '来源编号', '颜色'], [['a', 'b', 'c']]));
  expect([
    refused.status,
    (refused.body as { errors: { message: string }[] }).errors.map(({ message }) => message),
  ]).toEqual([
    422,
    [
      '报案时间 (reportedAt) is missing',
      '诈骗类型 (fraudType) is missing',
      '"颜色" (column C) is not a column of a file of incidents',
    ],
  ]);
  const { id } = await handIn(world.as('township'), [row()]);
  for (const place of ['county', 'city', 'county2'] as const)
    expect((await world.get(place, `/imports/${id}`)).status).toBe(404);
});
