import type { Definition } from './definitions.js';

/** What each field of the funds report counts; carried by every one. */
export const FUNDS_DEFINITIONS = {
  period: {
    name: '统计区间',
    zh: 'from 至 to 为含首尾的本地日期。金额与件数按行为生效时间计入;余额、轮候、在办为数据时间(asOf)的当前数。更正与冲销计入原时间。金额均以资金台账为准(分)。',
    en: 'from and to are inclusive local dates. Amounts and numbers count by the time of the act; balances, waiting and open are as of asOf. What was taken back or corrected counts at its own time. Amounts are sums of the ledger (fen).',
  },
  cases: {
    name: '明细',
    zh: '各数均可展开:GET /reports/funds/cases,indicator 为该数在行中的路径(如 stopReleasedFen.toPayer),agency 为该行(上级单位本身为 own,不给为合计),银行各数以 key 为银行名。金额为各件 amountFen 之和,其余所列件数即该数;余额按账户列出。',
    en: 'Every number opens: GET /reports/funds/cases, with indicator its path in the row (stopReleasedFen.toPayer) and agency the row (the parent: own; absent: the total); numbers of banks with key the bank. amountFen of what is listed add up to a sum, otherwise as many are listed as the number says; balances are listed by account.',
  },
  rows: {
    name: '各行',
    zh: '各行为下一级单位及其下属;own 为上级单位本级(不在任何一行中的)所做的;total 为各行与 own 之和。金额记在提出止付、冻结的单位名下,返还记在冻结单位名下,其后移送他处亦不变。',
    en: 'Each row is an agency of the next tier with all below it; own is what was done by agencies in no row: the parent itself; total is all rows and own. Money counts for the agency that asked for the stop or the freeze, returns for the freezing agency, wherever the incident went later.',
  },
  stoppedFen: {
    name: '止付',
    zh: '区间内银行止付的金额。保护性止付不计。',
    en: 'Stopped by banks in the period. Protective limits are not in it.',
  },
  stopReleasedFen: {
    name: '止付解除',
    zh: '区间内结束的止付:expired 到期自动失效,toPayer 解除并退回付款人,toHolder 解除并归还账户持有人,toFreeze 转为冻结。',
    en: 'Stops that ended in the period: expired by themselves, released to the payer, released to the holder, or became a freeze (toFreeze).',
  },
  frozenFen: {
    name: '冻结',
    zh: '区间内生效的冻结,以银行实际冻结为准。',
    en: 'Freezes that took effect in the period, as the bank really holds.',
  },
  freezeReleasedFen: {
    name: '冻结解除',
    zh: '区间内不再冻结且未返还的金额:lapsed 到期未续冻,released 解除冻结。',
    en: 'No longer frozen and not returned: lapsed without renewal, or released.',
  },
  returnedFen: { name: '返还', zh: '区间内银行已支付的返还。', en: 'Returns paid by banks in the period.' },
  interceptedFen: {
    name: '拦截损失',
    zh: '区间内:审核通过的反馈中的拦截金额(bank 为银行拦截,dissuasion 为其余),及止付退回付款人的金额(stopPayment,按解除时间)。',
    en: 'In the period: of approved outcomes (basis bank-blocked: bank, others: dissuasion), and stop-payments that went back to the payer (stopPayment, by the release).',
  },
  lostFen: {
    name: '损失',
    zh: 'outcomes 为区间内审核通过的反馈中的损失,incidents 为区间内接报警情的案损;同一损失可能两处都有,不得相加。',
    en: 'outcomes: losses of outcomes approved in the period; incidents: losses of incidents reported in the period. One loss may stand in both: they are not to be added up.',
  },
  balanceFen: {
    name: '余额',
    zh: '截至数据时间仍在止付(stopped:止付 − 止付解除)与仍在冻结(frozen:冻结 − 冻结解除 − 返还)的金额,不论区间。',
    en: 'What is stopped (stopped less released) and frozen (frozen less released and returned) as of asOf, whatever the period.',
  },
  stops: {
    name: '止付件数',
    zh: '区间内提出(requested)、生效(effective)、被拒(refused)的止付。',
    en: 'Stop-payments asked for, effective and refused in the period.',
  },
  stopOnTimeRate: {
    name: '及时止付率',
    zh: '区间内接报且有损失的警情,时限内提出首次止付的 ÷ 已提出或时限已到的;记在接报单位。',
    en: 'Of the incidents with a loss reported in the period, for the agency that they were reported to: first stop-payment asked for within the limit ÷ asked for or run out.',
  },
  freezes: {
    name: '冻结件数',
    zh: '区间内提出(requested)、生效(effective)、到期未续冻(lapsed)的冻结;waiting 为当前轮候中的。',
    en: 'Freezes asked for, effective and lapsed without renewal in the period; waiting: in line now.',
  },
  returns: {
    name: '返还件数',
    zh: 'open 为当前在办的返还;paid 为区间内全部支付完毕的。记在冻结单位。',
    en: 'open: not ended now; paid: paid in full in the period. For the freezing agency.',
  },
  banks: {
    name: '银行',
    zh: '区间内全部行的止付与冻结按银行汇总,两者之和大者在前;前 20 家列明,其余合并。',
    en: 'What was stopped and frozen in the period over all rows by bank, the larger sum of both first; the first 20 by name, the others together.',
  },
} as const satisfies Record<string, Definition>;
