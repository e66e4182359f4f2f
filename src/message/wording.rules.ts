import { INCIDENT_EVENT_TYPES, type EventType } from '../timeline/event.js';

/** One thing that somebody is told: no personal data beyond the case number. */
export interface Told {
  /** Of an incident its `incidentNo`. */
  readonly alertNo: string;
  readonly type: EventType;
  readonly clock: string | null;
  readonly dueAt: Date | null;
}

/** Longer lists are cut: an SMS has its limits, and the worklist has the rest. */
const MOST_NAMED = 10;

const CLOCK: Record<string, string> = { accept: '签收', call: '首次电话', visit: '见面', feedback: '反馈' };

/** What is to be done, and by when (`MM-DD HH:mm` local). */
const SENTENCES: Partial<Record<EventType, (clock: string, by: string) => string>> = {
  'clock-reminded': (clock, by) => `${clock}时限已过半${by && `,请于 ${by} 前完成`}`,
  'clock-overdue': (clock, by) => `${clock}已超时${by && `(时限 ${by})`},请督促`,
  'clock-climbed': (clock, by) => `${clock}严重超时${by && `(时限 ${by})`},请立即处置`,
  urged: (_, by) => `已被督办${by && `,请于 ${by} 前回复`}`,
  'urge-overdue': (_, by) => `督办逾期未回复${by && `(时限 ${by})`}`,
  'follow-up-due': (_, by) => `到期应回访${by && `(${by})`}`,
  'follow-up-overdue': (_, by) => `回访已逾期${by && `(应于 ${by} 回访)`}`,
  'stop-request-reminded': (_, by) => `申请止付时限已过半${by && `,请于 ${by} 前申请`}`,
  'stop-request-overdue': (_, by) => `逾期未申请止付${by && `(时限 ${by})`},请督促`,
  'stop-request-climbed': (_, by) => `严重逾期未申请止付${by && `(时限 ${by})`},请立即处置`,
  'freeze-verification-due': () => '应核查冻结资金是否与案件有关',
  'freeze-renewal-due': () => '冻结即将到期,如需继续请办理续冻',
  'freeze-release-overdue': (_, by) => `逾期未解除冻结${by && `(时限 ${by})`}`,
  'return-payable': () => '返还方案公告期满,可以支付',
  'return-payment-overdue': (_, by) => `返还资金逾期未支付${by && `(时限 ${by})`}`,
};

const OF_INCIDENTS: ReadonlySet<EventType> = new Set(INCIDENT_EVENT_TYPES);
const kindOf = ({ type }: Told): string => (OF_INCIDENTS.has(type) ? '警情' : '预警');

/** @param moment a moment as officers read it */
export function textOf(told: readonly Told[], moment: (at: Date) => string): string {
  const lines = told.filter((line, index) => !told.slice(index + 1).some((later) => supersedes(later, line)));
  const sentence = ({ alertNo, type, clock, dueAt }: Told): string =>
    `${alertNo} ${SENTENCES[type]?.(CLOCK[clock ?? ''] ?? '', dueAt ? moment(dueAt) : '') ?? '有新进展'}`;
  if (lines.length === 1) return withKeyword(`${kindOf(lines[0]!)} ${sentence(lines[0]!)}。`);
  const cases = new Set(lines.map((line) => `${kindOf(line)} ${line.alertNo}`)).size;
  const kinds = [...new Set(lines.map(kindOf))].sort().reverse().join('、');
  const named = lines.slice(0, MOST_NAMED).map(sentence).join(';');
  const rest = lines.length > MOST_NAMED ? `;另有 ${lines.length - MOST_NAMED} 项,请登录系统查看` : '';
  return withKeyword(`您有 ${cases} 条${kinds}待处理:${named}${rest}。`);
}

/** Robots take only what has the keyword in it: docs/messages.md. */
function withKeyword(said: string): string {
  return said.includes('预警') ? said : `反诈预警系统:${said}`;
}

/** What a clock said before does not matter any more: half over, then run out. */
function supersedes(later: Told, line: Told): boolean {
  return line.clock !== null && later.clock === line.clock && later.alertNo === line.alertNo;
}

/** The text of the first SMS: the policy's, with the case number and the agency's name. */
export function firstSmsText(template: string, caseNo: string, agency: string): string {
  return template.replaceAll('{{caseNo}}', caseNo).replaceAll('{{agency}}', agency);
}
