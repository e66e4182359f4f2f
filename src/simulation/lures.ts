import type { Kind } from '../alert/alert.js';
import type { Random } from './random.js';

/** How a type of fraud shows: what a source writes of it, by which kind of warning, and how much is at risk. */
export interface Lure {
  readonly summaries: readonly string[];
  readonly kinds: readonly (readonly [Kind, number])[];
  /** Half of the cases are below, yuan. */
  readonly medianYuan: number;
}

const CALLS: Lure['kinds'] = [
  ['telecom', 7],
  ['fund', 2],
  ['bank-counter', 1],
];
const APPS: Lure['kinds'] = [
  ['network', 6],
  ['fund', 3],
  ['telecom', 1],
];

/** By code of the fraud type. */
const LURES: Readonly<Record<string, Lure>> = {
  'brushing-rebate': {
    summaries: [
      '被拉入刷单返利群,已完成两单小额任务',
      '下载陌生“任务”App 并多次访问',
      '向涉诈账户小额转账后持续与客服联系',
    ],
    kinds: APPS,
    medianYuan: 6_000,
  },
  'fake-investment': {
    summaries: ['加入“荐股”直播间,正在访问虚假投资平台', '与境外号码通话后安装理财 App', '多次向个人账户充值“投资款”'],
    kinds: APPS,
    medianYuan: 30_000,
  },
  'fake-shopping-service': {
    summaries: ['在陌生平台低价购物,对方要求另加好友付款', '接听“航班取消”来电后点开改签链接'],
    kinds: [
      ['network', 5],
      ['telecom', 3],
      ['fund', 2],
    ],
    medianYuan: 2_500,
  },
  'fake-customer-service': {
    summaries: [
      '与冒充电商客服的境外号码通话 25 分钟',
      '接听“百万保障到期”来电,正在共享屏幕',
      '被引导下载会议软件办理“退款”',
    ],
    kinds: CALLS,
    medianYuan: 12_000,
  },
  'fake-loan': {
    summaries: ['访问虚假贷款网站并提交银行卡', '被要求缴纳“解冻金”'],
    kinds: APPS,
    medianYuan: 8_000,
  },
  'fake-credit-record': {
    summaries: ['与冒充银保监人员的号码通话,被要求“修复征信”', '正在共享屏幕办理“注销校园贷”'],
    kinds: CALLS,
    medianYuan: 15_000,
  },
  'impersonate-acquaintance': {
    summaries: ['收到冒充单位领导的好友申请并被要求垫资', '财务人员被拉入“公司高管群”', '接到“孙子出事”来电'],
    kinds: [
      ['network', 4],
      ['telecom', 4],
      ['bank-counter', 2],
    ],
    medianYuan: 35_000,
  },
  'impersonate-authority': {
    summaries: ['与冒充公安机关的境外号码通话 40 分钟', '被要求到宾馆开房“配合调查”', '正在访问虚假“通缉令”网站'],
    kinds: CALLS,
    medianYuan: 50_000,
  },
  romance: {
    summaries: ['与网恋对象从未见面,近日多次转账', '被网友引导至投资平台'],
    kinds: APPS,
    medianYuan: 18_000,
  },
  'game-trade': {
    summaries: ['私下交易游戏账号,对方要求缴纳保证金', '未成年人点开“免费皮肤”链接'],
    kinds: [
      ['network', 8],
      ['fund', 2],
    ],
    medianYuan: 1_800,
  },
  gambling: { summaries: ['多次访问网络赌博平台并充值', '被“导师”带入博彩群'], kinds: APPS, medianYuan: 10_000 },
  'nude-chat-blackmail': {
    summaries: ['安装裸聊 App,通讯录疑被读取', '被陌生人以视频相要挟'],
    kinds: APPS,
    medianYuan: 5_000,
  },
};

const OTHER: Lure = {
  summaries: ['与涉诈号码有异常通联', '访问涉诈网址', '账户向涉诈账户转账'],
  kinds: CALLS,
  medianYuan: 5_000,
};

export function lureOf(fraudType: string): Lure {
  return LURES[fraudType] ?? OTHER;
}

export interface SuspectDetails {
  phone?: string;
  account?: string;
  app?: string;
  url?: string;
}

/** What is known of the other side, by the kind of warning. */
export function suspectOf(random: Random, kind: Kind): SuspectDetails {
  const digits = (count: number): string => Array.from({ length: count }, () => random.integer(0, 9)).join('');
  if (kind === 'fund' || kind === 'bank-counter') return { account: `62${digits(14)}` };
  if (kind === 'network') {
    const app = random.pick(['淘任务', '聚米', '鑫海通', '安盈', '云集优选', '畅聊', '福满多']);
    return random.chance(0.5)
      ? { app }
      : { app, url: `https://${random.pick(['m', 'app', 'h5'])}.${digits(6)}.example/` };
  }
  return { phone: random.chance(0.4) ? `00${digits(11)}` : `17${digits(9)}` };
}

/** Whole tens of yuan, as people transfer them. */
export function yuanInFen(yuan: number): number {
  return Math.max(1, Math.round(yuan / 10)) * 1_000;
}
