import type { Group } from '../alert/alert.js';
import type { AgencyReport } from './agency-report.js';
import { fraction, NOTHING, rateColumns, tableOf, yuan, type Column } from './report.file.js';
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

const GROUP_ZH: Record<Group, string> = {
  elderly: '老年人',
  student: '学生',
  minor: '未成年人',
  'finance-staff': '财务人员',
  none: '一般人群',
};
const CHANNEL_ZH: Record<Channel, string> = { sms: '短信', call: '电话', visit: '上门' };
const TOTAL = '合计';

/** A row under the name that the file has for it. */
type Named<Figures> = Figures & { title: string };

const titleColumn = <Row extends { title: string }>(title: string): Column<Row> => ({
  title,
  cell: (row) => row.title,
});

const FRAUD_TYPE_COLUMNS: readonly Column<Named<FraudTypeFigures>>[] = [
  titleColumn('诈骗类型'),
  { title: '发案', cell: ({ incidents }) => incidents },
  { title: '发案占比', cell: ({ incidentShare }) => fraction(incidentShare) },
  { title: '案损(元)', cell: ({ incidentLossFen }) => yuan(incidentLossFen) },
  { title: '案损占比', cell: ({ lossShare }) => fraction(lossShare) },
  { title: '接收', cell: ({ alerts }) => alerts },
  { title: '结案', cell: ({ closed }) => closed },
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
  table: ({ rows, total }) =>
    tableOf(FRAUD_TYPE_COLUMNS, [
      ...rows.map((row: FraudTypeRow) => ({ ...row, title: row.fraudType.nameZh })),
      { ...total, title: TOTAL },
    ]),
};

const GROUP_COLUMNS: readonly Column<Named<GroupFigures>>[] = [
  titleColumn('人群'),
  { title: '接收', cell: ({ received }) => received },
  ...rateColumns<Named<GroupFigures>>('见面率', ({ visitRate }) => visitRate),
  ...rateColumns<Named<GroupFigures>>('劝阻率', ({ dissuasionRate }) => dissuasionRate),
  ...rateColumns<Named<GroupFigures>>('劝阻成功率', ({ successRate }) => successRate),
  ...rateColumns<Named<GroupFigures>>('预警后被骗率', ({ defraudedAfterRate }) => defraudedAfterRate),
  {
    title: '预警后被骗率-暂定',
    cell: ({ defraudedAfterRate }) => (defraudedAfterRate.provisional ? '暂定:观察期未过' : '已过观察期'),
  },
  { title: '拦截损失(元)', cell: ({ interceptedFen }) => yuan(interceptedFen) },
  { title: '损失(元)', cell: ({ lossFen }) => yuan(lossFen) },
];

export const GROUPS_REPORT: AgencyReport<GroupsAnswer> = {
  name: 'groups',
  title: '特殊人群分析',
  definitions: defined(['received', 'visitRate', 'dissuasionRate', 'successRate', 'defraudedAfterRate', 'lossFen'], {
    total: 'agencyTotal',
    group: 'group',
    interceptedFen: 'interceptedOfOutcomes',
  }),
  table: ({ rows, total }) =>
    tableOf(GROUP_COLUMNS, [
      ...rows.map((row) => ({ ...row, title: GROUP_ZH[row.group] })),
      { ...total, title: TOTAL },
    ]),
};

const SOURCE_COLUMNS: readonly Column<Named<SourceFigures>>[] = [
  titleColumn('来源'),
  { title: '预警信号', cell: ({ signals }) => signals },
  { title: '接收', cell: ({ alerts }) => alerts },
  { title: '并入', cell: ({ merged }) => merged },
  { title: '信息有误', cell: ({ returnedWrongInfo }) => returnedWrongInfo },
  { title: '撤销', cell: ({ withdrawn }) => withdrawn },
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
  table: ({ rows, total }) =>
    tableOf(SOURCE_COLUMNS, [...rows.map((row) => ({ ...row, title: row.source })), { ...total, title: TOTAL }]),
};

const CHANNEL_COLUMNS: readonly Column<Named<ChannelRow>>[] = [
  titleColumn('渠道'),
  { title: '劝阻人次', cell: ({ attempts }) => attempts },
  { title: '联系上', cell: ({ reached }) => reached },
  ...rateColumns<Named<ChannelRow>>('联系上率', ({ reachRate }) => reachRate),
  { title: '使用该渠道的预警', cell: ({ cases }) => cases },
  { title: '劝阻成功', cell: ({ dissuaded }) => dissuaded },
  {
    title: '首次劝阻用时-P50(分钟)',
    cell: ({ firstAttemptMinutes }) => firstAttemptMinutes?.toFixed(1) ?? NOTHING,
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
  table: ({ rows }) =>
    tableOf(
      CHANNEL_COLUMNS,
      rows.map((row) => ({ ...row, title: CHANNEL_ZH[row.channel] })),
    ),
};
