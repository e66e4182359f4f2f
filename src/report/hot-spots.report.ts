import { sheetOf, type Column } from '../platform/tabular/table.file.js';
import type { AgencyReport } from './agency-report.js';
import { DEFINITIONS } from './definitions.js';
import type { HotSpotRow, HotSpotsAnswer } from './hot-spots.dto.js';
import { LEAST_BASE, LEAST_RANKED } from './hot-spots.rules.js';
import type { Change } from './money.rules.js';

function changeColumns(title: string, change: (row: HotSpotRow) => Change): Column<HotSpotRow>[] {
  return [
    { title, kind: 'rate', cell: (row) => change(row).change },
    { title: `${title}-基数`, kind: 'count', cell: (row) => change(row).base },
  ];
}

const COLUMNS: readonly Column<HotSpotRow>[] = [
  { title: '名次', kind: 'count', cell: ({ rank }) => rank },
  { title: '乡镇代码', kind: 'text', cell: ({ agency }) => agency.code },
  { title: '乡镇', kind: 'text', cell: ({ agency }) => agency.name },
  { title: '所属县区', kind: 'text', cell: ({ county }) => county.name },
  { title: '发案', kind: 'count', cell: ({ incidents }) => incidents },
  ...changeColumns('发案环比', ({ incidentsChange }) => incidentsChange.monthBefore),
  ...changeColumns('发案同比', ({ incidentsChange }) => incidentsChange.yearBefore),
  { title: '万人发案率', kind: 'decimal', cell: ({ per10k }) => per10k.rate },
  { title: '案损(元)', kind: 'yuan', cell: ({ incidentLossFen }) => incidentLossFen },
  { title: '接收', kind: 'count', cell: ({ received }) => received },
  ...changeColumns('接收环比', ({ receivedChange }) => receivedChange.monthBefore),
  ...changeColumns('接收同比', ({ receivedChange }) => receivedChange.yearBefore),
  { title: '损失(元)', kind: 'yuan', cell: ({ lossFen }) => lossFen },
];

const { period, credit, incidents, per10k, incidentLossFen, received, lossFen } = DEFINITIONS;

export const HOT_SPOTS_REPORT: AgencyReport<HotSpotsAnswer> = {
  name: 'hot-spots',
  prepared: true,
  title: '高发乡镇',
  definitions: {
    period,
    credit,
    month: {
      name: '月份',
      zh: '本地日历月;尚未过完的,截至数据时间。',
      en: 'A month of the local calendar; one that still runs, up to asOf.',
    },
    by: {
      name: '排序依据',
      zh: 'incidents 按发案,received 按接收,多者在前。',
      en: 'incidents or received: the most first.',
    },
    rank: {
      name: '名次',
      zh: `排序依据不少于 ${LEAST_RANKED} 的乡镇排名,不足的不列名次:多一件少一件即会越过半数乡镇。数相同的并列,其后名次顺延(1、2、2、4);并列者以另一项多者、其次以代码排前,不影响名次。与末位并列的均列出。`,
      en: `Townships with at least ${LEAST_RANKED} of what they are ordered by; fewer make no hot spot, because one case more or less would move them past half the others. Equal numbers share a rank and the next are skipped (1, 2, 2, 4); among them the one with more of the other number is told first, then by code. All who share the rank of the last are told.`,
    },
    county: { name: '所属县区', zh: '该乡镇的上级县级单位。', en: 'The county above the township.' },
    incidents,
    per10k,
    incidentLossFen,
    received,
    lossFen,
    incidentsChange: {
      name: '发案环比、同比',
      zh: `monthBefore 与上月相比(整月对整个上月,未过完的月对上月相同各日),yearBefore 与上年同月相同各日相比;基数少于 ${LEAST_BASE} 的不计增减,只列基数。对比的日期见 compared。`,
      en: `monthBefore: against the month before (a whole month with the whole month, a running one with the same days); yearBefore: against the same days of the year before. Against fewer than ${LEAST_BASE} no change is told, only the base. compared has the days.`,
    },
    receivedChange: { name: '接收环比、同比', zh: '同上,按接收计。', en: 'The same of received.' },
    compared: {
      name: '对比日期',
      zh: '环比、同比所对比的日期;以其 from、to 可展开基数。',
      en: 'The days compared with; with their from and to the bases open.',
    },
    cases: {
      name: '明细',
      zh: '各数展开的地址,即乡镇级三级报表的同名指标。',
      en: 'Where the numbers open: they are those of the tier report of townships.',
    },
    others: {
      name: '其余乡镇',
      zh: '未列出的乡镇:个数、其中有名次的、其发案与接收之和。',
      en: 'Townships not told of: how many, those of them with a rank, and their incidents and alerts together.',
    },
  },
  tables: ({ rows, others }) => [
    sheetOf({
      name: '高发乡镇',
      columns: COLUMNS,
      rows,
      charts: [{ title: '高发乡镇发案与接收', kind: 'bar', category: '乡镇', series: ['发案', '接收'] }],
    }),
    sheetOf({
      name: '其余乡镇',
      columns: [
        { title: '其余乡镇', kind: 'count', cell: ({ townships }) => townships },
        { title: '其中有名次的', kind: 'count', cell: ({ ranked }) => ranked },
        { title: '发案', kind: 'count', cell: (row) => row.incidents },
        { title: '接收', kind: 'count', cell: (row) => row.received },
      ] satisfies Column<HotSpotsAnswer['others']>[],
      rows: [others],
    }),
  ],
};
