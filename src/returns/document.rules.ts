import { addDays, type LocalDate } from '../platform/clock/local-date.js';
import type { Block } from '../platform/document/docx.js';
import type { ReturnMethod } from './allocation.rules.js';

/** Facts of the papers of a return: texts as they are to be shown, money in fen. */
export interface PaperFacts {
  /** The freezing agency. */
  readonly agency: string;
  readonly city: string;
  readonly incidentNo: string;
  readonly caseNo: string | null;
  readonly account: string;
  readonly bank: string;
  readonly holder: string;
  readonly method: ReturnMethod;
  readonly frozenFen: number;
  readonly inflowFen: number;
  readonly residualFen: number;
  readonly publishedOn: LocalDate | null;
  readonly noticeDays: number;
  readonly approvedOn: LocalDate | null;
  /** The day that the paper bears. */
  readonly today: LocalDate;
  readonly claims: readonly PaperClaim[];
}

export interface PaperClaim {
  readonly name: string;
  /** Identity number, or an organisation's credit code. */
  readonly number: string;
  readonly claimFen: number;
  readonly refundedFen: number;
  readonly returnFen: number;
  readonly account: string;
  readonly bank: string;
  readonly paid: string;
}

/** One movement of money, in the order of the flow: the victims' payments, then from account to account. */
export interface FlowLine {
  readonly level: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly bank: string;
  readonly holder: string;
  readonly amountFen: number;
  readonly heldFen: number | null;
}

const METHOD: Record<ReturnMethod, string> = {
  'direct-single': '单笔资金直接返还',
  'direct-timestamp': '按转账时间戳逐笔直接返还',
  'pro-rata': '按比例返还',
};
const LAW = '《电信网络新型违法犯罪案件冻结资金返还若干规定》(银监发〔2016〕41号)';

/** 公告: for publishing. Whatever of a person is in the facts must be masked already. */
export function noticeOf(facts: PaperFacts): Block[] {
  const { publishedOn, noticeDays } = facts;
  const period = publishedOn
    ? `公告期为${noticeDays}日,自${chineseDate(addDays(publishedOn, 1))}起至${chineseDate(addDays(publishedOn, noticeDays))}止。`
    : `公告期为${noticeDays}日,自公告之日的次日起计算。`;
  return [
    { kind: 'title', text: '冻结资金返还公告' },
    {
      kind: 'paragraph',
      text: `${facts.agency}办理的电信网络新型违法犯罪案件(警情编号${facts.incidentNo}),依法冻结了涉案账户资金。因账户内资金混同、无法逐笔溯源,依据${LAW},拟按各被害人被骗资金占同期转入资金的比例返还,现予公告。`,
    },
    { kind: 'heading', text: '一、冻结资金' },
    potTable(facts),
    { kind: 'heading', text: '二、拟返还情况' },
    {
      kind: 'table',
      head: ['序号', '被害人', '转入金额(元)', '已退还(元)', '拟返还(元)'],
      rows: [
        ...facts.claims.map((claim, index) => [
          String(index + 1),
          claim.name,
          amount(claim.claimFen),
          amount(claim.refundedFen),
          amount(claim.returnFen),
        ]),
        ['', '合计', ...totals(facts.claims)],
      ],
    },
    { kind: 'heading', text: '三、异议' },
    {
      kind: 'paragraph',
      text: `${period}对返还方案有异议的,请在公告期内持有效证件及相关证据向${facts.agency}提出。公告期满无异议或者异议不成立的,依法返还。`,
    },
    { kind: 'right', text: facts.agency },
    { kind: 'right', text: chineseDate(publishedOn ?? facts.today) },
  ];
}

/** 冻结资金返还决定书: names and accounts in clear, for the file and the bank. */
export function decisionOf(facts: PaperFacts): Block[] {
  return [
    { kind: 'title', text: '冻结资金返还决定书' },
    {
      kind: 'paragraph',
      text: `${facts.bank}:经查,${facts.incidentNo}号警情${facts.caseNo ? `(案号${facts.caseNo})` : ''}中,被害人被骗资金转入下列账户并已依法冻结。依据${LAW},决定以${METHOD[facts.method]}方式返还,请自收到本决定之日起三个工作日内办理。`,
    },
    { kind: 'heading', text: '一、冻结账户' },
    {
      kind: 'table',
      head: ['户名', '账号', '开户机构'],
      rows: [[facts.holder, facts.account, facts.bank]],
    },
    potTable(facts),
    { kind: 'heading', text: '二、返还对象及金额' },
    {
      kind: 'table',
      head: ['序号', '被害人', '证件号码', '损失(元)', '已退还(元)', '返还(元)', '收款账号', '收款机构'],
      rows: [
        ...facts.claims.map((claim, index) => [
          String(index + 1),
          claim.name,
          claim.number,
          amount(claim.claimFen),
          amount(claim.refundedFen),
          amount(claim.returnFen),
          claim.account,
          claim.bank,
        ]),
        ['', '合计', '', ...totals(facts.claims), '', ''],
      ],
    },
    {
      kind: 'paragraph',
      text: `返还后账户内剩余资金${amount(facts.residualFen)}元在冻结期限内继续冻结。`,
    },
    { kind: 'paragraph', text: '经办民警(两人):                              ' },
    { kind: 'right', text: `批准机关:${facts.city}` },
    { kind: 'right', text: facts.agency },
    { kind: 'right', text: chineseDate(facts.approvedOn ?? facts.today) },
  ];
}

/** 涉案资金流向表: from the victims to the frozen account, and back. */
export function flowOf(facts: PaperFacts, lines: readonly FlowLine[]): Block[] {
  return [
    { kind: 'title', text: '涉案资金流向表' },
    {
      kind: 'paragraph',
      text: `警情编号${facts.incidentNo}${facts.caseNo ? `,案号${facts.caseNo}` : ''};办理单位${facts.agency}。`,
    },
    { kind: 'heading', text: '一、资金转移' },
    {
      kind: 'table',
      head: ['层级', '时间', '转出', '转入账户', '开户机构', '户名', '金额(元)', '止付(元)'],
      rows: lines.map((line) => [
        line.level,
        line.at,
        line.from,
        line.to,
        line.bank,
        line.holder,
        amount(line.amountFen),
        line.heldFen === null ? '—' : amount(line.heldFen),
      ]),
    },
    { kind: 'heading', text: '二、冻结与返还' },
    {
      kind: 'table',
      head: ['户名', '账号', '开户机构'],
      rows: [[facts.holder, facts.account, facts.bank]],
    },
    potTable(facts),
    {
      kind: 'table',
      head: ['序号', '被害人', '损失(元)', '返还(元)', '收款账号', '收款机构', '支付情况'],
      rows: facts.claims.map((claim, index) => [
        String(index + 1),
        claim.name,
        amount(claim.claimFen),
        amount(claim.returnFen),
        claim.account,
        claim.bank,
        claim.paid,
      ]),
    },
    { kind: 'right', text: facts.agency },
    { kind: 'right', text: chineseDate(facts.today) },
  ];
}

function potTable({ account, bank, frozenFen, inflowFen, residualFen, claims }: PaperFacts): Block {
  const returned = claims.reduce((sum, { returnFen }) => sum + returnFen, 0);
  return {
    kind: 'table',
    head: ['冻结账户', '开户机构', '冻结金额(元)', '同期转入(元)', '返还合计(元)', '继续冻结(元)'],
    rows: [[account, bank, amount(frozenFen), amount(inflowFen), amount(returned), amount(residualFen)]],
  };
}

function totals(claims: readonly PaperClaim[]): string[] {
  return (['claimFen', 'refundedFen', 'returnFen'] as const).map((field) =>
    amount(claims.reduce((sum, claim) => sum + claim[field], 0)),
  );
}

/** 1234567 fen → 12,345.67 */
export function amount(fen: number): string {
  return `${Math.floor(fen / 100).toLocaleString('en-US')}.${String(fen % 100).padStart(2, '0')}`;
}

/** 2023-06-01 → 2023年6月1日 */
export function chineseDate(date: LocalDate): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}
