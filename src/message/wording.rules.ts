import type { EventType } from '../timeline/event.js';

/** One thing that somebody is told: no personal data beyond the case number. */
export interface Told {
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
};

/** @param moment a moment as officers read it */
export function textOf(told: readonly Told[], moment: (at: Date) => string): string {
  const lines = told.filter((line, index) => !told.slice(index + 1).some((later) => supersedes(later, line)));
  const sentence = ({ alertNo, type, clock, dueAt }: Told): string =>
    `${alertNo} ${SENTENCES[type]?.(CLOCK[clock ?? ''] ?? '', dueAt ? moment(dueAt) : '') ?? '有新进展'}`;
  if (lines.length === 1) return `预警 ${sentence(lines[0]!)}。`;
  const cases = new Set(lines.map(({ alertNo }) => alertNo)).size;
  const named = lines.slice(0, MOST_NAMED).map(sentence).join(';');
  const rest = lines.length > MOST_NAMED ? `;另有 ${lines.length - MOST_NAMED} 项,请登录系统查看` : '';
  return `您有 ${cases} 条预警待处理:${named}${rest}。`;
}

/** What a clock said before does not matter any more: half over, then run out. */
function supersedes(later: Told, line: Told): boolean {
  return line.clock !== null && later.clock === line.clock && later.alertNo === line.alertNo;
}

/** The text of the first SMS: the policy's, with the case number and the agency's name. */
export function firstSmsText(template: string, caseNo: string, agency: string): string {
  return template.replaceAll('{{caseNo}}', caseNo).replaceAll('{{agency}}', agency);
}
