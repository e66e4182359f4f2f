import type { Fault } from '../platform/http/problem.js';
import type { ColumnWords, ImportColumn } from './import.columns.rules.js';

/** What an officer reads about a fault; `$1` … stand for parts of the rule's own sentence. */
export interface Wording {
  readonly when: RegExp;
  readonly pointer?: string;
  readonly zh: string;
  /** Where a file says it in another way than the API. */
  readonly en?: string;
}

/** The sentences of reader.rules.ts and signal.rules.ts. A test holds this list against them. */
export const SIGNAL_WORDINGS: readonly Wording[] = [
  { when: /^is required/, zh: '必填', en: 'is required' },
  { when: /^must be at most (\d+) characters$/, zh: '不能超过 $1 个字符' },
  { when: /^must be visible characters/, zh: '含有不可见字符' },
  { when: /^is not among the sources of this key$/, zh: '不在该密钥允许的来源之内' },
  {
    when: /^must be one of/,
    pointer: '/riskLevel',
    zh: '应为：紧急、高、中、低',
    en: 'must be one of urgent, high, medium, low',
  },
  { when: /^must be one of/, pointer: '/kind', zh: '应为：资金预警、通联、网络/App、警银联动、96110/群众举报' },
  { when: /^must be one of/, pointer: '/subject/group', zh: '应为：老年人、学生、未成年人、财会人员、无' },
  {
    when: /^is not a known fraud type/,
    zh: '不是已知的诈骗类型',
    en: 'is not a known fraud type',
  },
  {
    when: /^is not a mainland mobile number/,
    zh: '不是大陆手机号，也不是带区号的固定电话（请检查是否被表格软件改成了科学计数）',
  },
  { when: /^is not an 18-digit identity number/, zh: '不是有效的 18 位身份证号（位数、出生日期或校验码有误）' },
  {
    when: /^must be a moment that exists/,
    zh: '不是有效的时间，应如 2023-06-01 09:30',
    en: 'must be a time that exists, such as 2023-06-01 09:30',
  },
  { when: /^lies in the future$/, zh: '晚于当前时间' },
  { when: /^lies more than 20 years back$/, zh: '早于 20 年前' },
  {
    when: /^must be a whole number of fen/,
    zh: '不是有效的金额（不能为负，最小到分）',
    en: 'must be an amount that is not negative and has no parts of a fen',
  },
  { when: /^must be 4, 6 or 9 digits$/, zh: '应为 4、6 或 9 位数字' },
  { when: /^is not a division of (.+)$/, zh: '不属于$1的辖区' },
  {
    when: /^stands for another signal already/,
    zh: '该来源编号已用于内容不同的预警',
    en: 'stands for another signal already',
  },
  { when: /^column ([A-Z]+) has a value and no name$/, zh: '$1 列没有列名却有内容（可能多了一个分隔符）' },
];

/** Says what is wrong with a row in the words of its file: Chinese where the header is. */
export class ReasonWriter {
  private readonly chinese: boolean;
  private readonly columns: ReadonlyMap<string, ImportColumn>;

  constructor(
    words: ColumnWords,
    private readonly wordings: readonly Wording[],
    header: readonly string[],
  ) {
    const columns = words.columnsOf(header);
    this.chinese = columns.filter(({ name }) => /\p{Script=Han}/u.test(name)).length * 2 >= columns.length;
    this.columns = new Map(columns.map((column) => [column.pointer ?? '', column]));
  }

  reasonOf(faults: readonly Fault[]): string {
    return faults.map((fault) => this.sentence(fault)).join(this.chinese ? '；' : '; ');
  }

  private sentence({ pointer, message }: Fault): string {
    const said = this.worded(pointer, message);
    const name = this.columns.get(pointer)?.name;
    if (name === undefined) return said;
    return this.chinese ? `${name}：${said}` : `${name}: ${said}`;
  }

  private worded(pointer: string, message: string): string {
    for (const wording of this.wordings) {
      if (wording.pointer !== undefined && wording.pointer !== pointer) continue;
      const match = wording.when.exec(message);
      if (!match) continue;
      const sentence = this.chinese ? wording.zh : wording.en;
      return sentence?.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '') ?? message;
    }
    return message;
  }
}
