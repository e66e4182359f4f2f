import type { AgencyReport } from './agency-report.js';
import { sheetOf, type Column } from '../platform/tabular/table.file.js';
import { rateColumns, TOTAL } from './report.file.js';
import { OPENED } from './breakdown.definitions.js';
import { DEFINITIONS } from './definitions.js';
import type { OfficerFigures, OfficersAnswer, PersonKind } from './officers.dto.js';

type Line = OfficerFigures & { title: string; id: string; kind: string; here: string };

const KIND_ZH: Record<PersonKind, string> = { user: '民警', key: 'API 密钥', system: '系统' };

const COLUMNS: readonly Column<Line>[] = [
  { title: '姓名', kind: 'text', cell: ({ title }) => title },
  { title: '编号', kind: 'text', cell: ({ id }) => id },
  { title: '类别', kind: 'text', cell: ({ kind }) => kind },
  { title: '在职', kind: 'text', cell: ({ here }) => here },
  { title: '签收', kind: 'count', cell: ({ accepted }) => accepted },
  ...rateColumns<Line>('及时签收率', ({ acceptOnTimeRate }) => acceptOnTimeRate),
  { title: '劝阻人次-短信', kind: 'count', cell: ({ attempts }) => attempts.sms },
  { title: '劝阻人次-电话', kind: 'count', cell: ({ attempts }) => attempts.call },
  { title: '劝阻人次-上门', kind: 'count', cell: ({ attempts }) => attempts.visit },
  { title: '劝阻人次-上门见面', kind: 'count', cell: ({ attempts }) => attempts.visitReached },
  { title: '反馈', kind: 'count', cell: ({ submitted }) => submitted },
  { title: '反馈-通过', kind: 'count', cell: ({ approved }) => approved },
  { title: '反馈-未通过', kind: 'count', cell: ({ rejected }) => rejected },
  ...rateColumns<Line>('及时反馈率', ({ feedbackOnTimeRate }) => feedbackOnTimeRate),
  { title: '回访', kind: 'count', cell: ({ followUpsDone }) => followUpsDone },
];

export const OFFICERS_REPORT: AgencyReport<OfficersAnswer> = {
  name: 'officers',
  title: '民警工作量与时效',
  definitions: {
    cases: OPENED,
    period: {
      name: '统计区间',
      zh: 'from 至 to 为含首尾的本地日期;各项均按行为发生的时间计,不论属于何时的预警。',
      en: 'from and to are inclusive local dates; everything counts by the time of the act, whenever the alert came.',
    },
    officer: {
      name: '人员',
      zh: '本单位(不含下级)现有的民警与主管,以及区间内曾为本单位工作的其他人:已调离或停用的(here 为 false)、API 密钥、系统自动所做的。记在行为发生时所在的单位。',
      en: 'The officers and supervisors that the agency itself has now (not those below it), and whoever else worked for it in the period: people who have left or were disabled (here false), API keys, the system. An act counts for the agency that the person then worked for.',
    },
    accepted: {
      name: '签收',
      zh: '本人签收的次数;同一预警再次到达再次签收的,再计一次。',
      en: 'How often the person signed for a case; again where a case came back and was signed for again.',
    },
    acceptOnTimeRate: {
      name: '及时签收率',
      zh: '时限内签收 ÷ 有时限的签收。无人签收而超时的不记在任何人名下,故与单位的及时签收率不同。',
      en: 'Signed for within the limit ÷ signed for, where there was a limit. What ran out unsigned is nobody’s: so it is not the agency’s rate.',
    },
    attempts: {
      name: DEFINITIONS.attempts.name,
      zh: '本人登记的短信、电话、上门次数,按劝阻时间计;visitReached 为见到本人的上门。',
      en: 'SMS, calls and visits that the person put on record, by the time of the attempt; visitReached: visits that met the warned person.',
    },
    submitted: {
      name: '反馈',
      zh: '本人提交的反馈,含其后重启、退回的。',
      en: 'Outcomes that the person submitted, whatever became of them.',
    },
    approved: {
      name: '反馈-通过',
      zh: '其中现已审核通过或无须审核的(其后因重启作废的亦计)。',
      en: 'Those of them that were approved by now or needed no review, also where the case was reopened later.',
    },
    rejected: {
      name: '反馈-未通过',
      zh: '其中审核退回的,以及审核前因案件转走或撤销而失效的。',
      en: 'Those of them that a review rejected, or that lapsed because the case was moved or withdrawn before it.',
    },
    feedbackOnTimeRate: {
      name: DEFINITIONS.feedbackOnTimeRate.name,
      zh: '案件的首次反馈由本人提交的:时限内 ÷ 有时限的。',
      en: 'Of cases whose first outcome the person submitted: within the limit ÷ those that had a limit.',
    },
    followUpsDone: {
      name: '回访',
      zh: '本人完成的回访,含未经计划的。',
      en: 'Follow-ups that the person made, planned or not.',
    },
    total: { name: '合计', zh: '各行之和。', en: 'The sums of the rows.' },
  },
  tables: ({ rows, total }) => [
    sheetOf({
      name: '民警工作量',
      columns: COLUMNS,
      rows: rows.map(({ officer, ...figures }): Line => ({
        ...figures,
        title: officer.name,
        id: officer.id ?? '',
        kind: KIND_ZH[officer.kind],
        here: officer.here ? '是' : '否',
      })),
      total: { ...total, title: TOTAL, id: '', kind: '', here: '' },
    }),
  ],
};
