import { GROUP_ZH } from '../alert/alert.words.js';
import { sheetOf, type Column } from '../platform/tabular/table.file.js';
import type { AgencyReport } from './agency-report.js';
import { rateColumns, TOTAL } from './report.file.js';
import { defined } from './breakdown.definitions.js';
import type {
  Channel,
  ChannelRow,
  ChannelsAnswer,
  FraudTypeFigures,
  FraudTypeRow,
  FraudTypesAnswer,
  GroupFigures,
  GroupsAnswer,
  SourceFigures,
  SourcesAnswer,
} from './breakdown.dto.js';

const CHANNEL_ZH: Record<Channel, string> = { sms: '短信', call: '电话', visit: '上门' };

/** A row under the name that the file has for it. */
type Named<Figures> = Figures & { title: string };

const titleColumn = <Row extends { title: string }>(title: string): Column<Row> => ({
  title,
  kind: 'text',
  cell: (row) => row.title,
});

const FRAUD_TYPE_COLUMNS: readonly Column<Named<FraudTypeFigures>>[] = [
  titleColumn('诈骗类型'),
  { title: '发案', kind: 'count', cell: ({ incidents }) => incidents },
  { title: '发案占比', kind: 'rate', cell: ({ incidentShare }) => incidentShare },
  { title: '案损(元)', kind: 'yuan', cell: ({ incidentLossFen }) => incidentLossFen },
  { title: '案损占比', kind: 'rate', cell: ({ lossShare }) => lossShare },
  { title: '接收', kind: 'count', cell: ({ alerts }) => alerts },
  { title: '结案', kind: 'count', cell: ({ closed }) => closed },
  ...rateColumns<Named<FraudTypeFigures>>('劝阻成功率', ({ successRate }) => successRate),
];

export const FRAUD_TYPES_REPORT: AgencyReport<FraudTypesAnswer> = {
  name: 'fraud-types',
  title: '诈骗类型分析',
  definitions: defined(['successRate'], {
    total: 'agencyTotal',
    fraudType: 'fraudType',
    incidents: 'incidents',
    incidentShare: 'incidentShare',
    incidentLossFen: 'incidentLossFen',
    lossShare: 'lossShare',
    alerts: 'alerts',
    closed: 'closed',
  }),
  tables: ({ rows, total }) => [
    sheetOf({
      name: '诈骗类型',
      columns: FRAUD_TYPE_COLUMNS,
      rows: rows.map((row: FraudTypeRow) => ({ ...row, title: row.fraudType.nameZh })),
      total: { ...total, title: TOTAL },
      charts: [
        { title: '各类诈骗占比', kind: 'bar', category: '诈骗类型', series: ['发案占比', '案损占比'] },
        { title: '各类诈骗接收与结案', kind: 'bar', category: '诈骗类型', series: ['接收', '结案'] },
      ],
    }),
  ],
};

const GROUP_COLUMNS: readonly Column<Named<GroupFigures>>[] = [
  titleColumn('人群'),
  { title: '接收', kind: 'count', cell: ({ received }) => received },
  ...rateColumns<Named<GroupFigures>>('见面率', ({ visitRate }) => visitRate),
  ...rateColumns<Named<GroupFigures>>('劝阻率', ({ dissuasionRate }) => dissuasionRate),
  ...rateColumns<Named<GroupFigures>>('劝阻成功率', ({ successRate }) => successRate),
  ...rateColumns<Named<GroupFigures>>('预警后被骗率', ({ defraudedAfterRate }) => defraudedAfterRate),
  {
    title: '预警后被骗率-暂定',
    kind: 'text',
    cell: ({ defraudedAfterRate }) => (defraudedAfterRate.provisional ? '暂定:观察期未过' : '已过观察期'),
  },
  { title: '拦截损失(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen },
  { title: '损失(元)', kind: 'yuan', cell: ({ lossFen }) => lossFen },
];

export const GROUPS_REPORT: AgencyReport<GroupsAnswer> = {
  name: 'groups',
  title: '特殊人群分析',
  definitions: defined(['received', 'visitRate', 'dissuasionRate', 'successRate', 'defraudedAfterRate', 'lossFen'], {
    total: 'agencyTotal',
    group: 'group',
    interceptedFen: 'interceptedOfOutcomes',
  }),
  tables: ({ rows, total }) => [
    sheetOf({
      name: '特殊人群',
      columns: GROUP_COLUMNS,
      rows: rows.map((row) => ({ ...row, title: GROUP_ZH[row.group] })),
      total: { ...total, title: TOTAL },
      charts: [{ title: '各人群见面率与劝阻成功率', kind: 'bar', category: '人群', series: ['见面率', '劝阻成功率'] }],
    }),
  ],
};

const SOURCE_COLUMNS: readonly Column<Named<SourceFigures>>[] = [
  titleColumn('来源'),
  { title: '预警信号', kind: 'count', cell: ({ signals }) => signals },
  { title: '接收', kind: 'count', cell: ({ alerts }) => alerts },
  { title: '并入', kind: 'count', cell: ({ merged }) => merged },
  { title: '信息有误', kind: 'count', cell: ({ returnedWrongInfo }) => returnedWrongInfo },
  { title: '撤销', kind: 'count', cell: ({ withdrawn }) => withdrawn },
  ...rateColumns<Named<SourceFigures>>('属实率', ({ provedTrueRate }) => provedTrueRate),
  ...rateColumns<Named<SourceFigures>>('劝阻成功率', ({ successRate }) => successRate),
];

export const SOURCES_REPORT: AgencyReport<SourcesAnswer> = {
  name: 'sources',
  title: '预警来源分析',
  definitions: defined(['successRate'], {
    total: 'agencyTotal',
    source: 'source',
    signals: 'sourceSignals',
    alerts: 'alerts',
    merged: 'merged',
    returnedWrongInfo: 'returnedWrongInfo',
    withdrawn: 'withdrawn',
    provedTrueRate: 'provedTrueRate',
  }),
  tables: ({ rows, total }) => [
    sheetOf({
      name: '预警来源',
      columns: SOURCE_COLUMNS,
      rows: rows.map((row) => ({ ...row, title: row.source })),
      total: { ...total, title: TOTAL },
      charts: [{ title: '各来源预警信号', kind: 'bar', category: '来源', series: ['预警信号', '接收'] }],
    }),
  ],
};

const CHANNEL_COLUMNS: readonly Column<Named<ChannelRow>>[] = [
  titleColumn('渠道'),
  { title: '劝阻人次', kind: 'count', cell: ({ attempts }) => attempts },
  { title: '联系上', kind: 'count', cell: ({ reached }) => reached },
  ...rateColumns<Named<ChannelRow>>('联系上率', ({ reachRate }) => reachRate),
  { title: '使用该渠道的预警', kind: 'count', cell: ({ cases }) => cases },
  { title: '劝阻成功', kind: 'count', cell: ({ dissuaded }) => dissuaded },
  {
    title: '首次劝阻用时-P50(分钟)',
    kind: 'minutes',
    cell: ({ firstAttemptMinutes }) => firstAttemptMinutes,
  },
];

export const CHANNELS_REPORT: AgencyReport<ChannelsAnswer> = {
  name: 'channels',
  title: '劝阻渠道分析',
  definitions: defined([], {
    channel: 'channel',
    attempts: 'channelAttempts',
    reached: 'channelReached',
    reachRate: 'reachRate',
    cases: 'channelCases',
    dissuaded: 'channelDissuaded',
    firstAttemptMinutes: 'firstAttemptMinutes',
  }),
  tables: ({ rows }) => [
    sheetOf({
      name: '劝阻渠道',
      columns: CHANNEL_COLUMNS,
      rows: rows.map((row) => ({ ...row, title: CHANNEL_ZH[row.channel] })),
      charts: [{ title: '各渠道劝阻人次', kind: 'bar', category: '渠道', series: ['劝阻人次', '联系上'] }],
    }),
  ],
};
