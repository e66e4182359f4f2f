import type { AgencyReport } from './agency-report.js';
import { sheetOf, type Column } from '../platform/tabular/table.file.js';
import { defined } from './breakdown.definitions.js';
import type { FunnelAnswer, FunnelRow } from './funnel.dto.js';
import { FUNNEL_STEPS, type FunnelStep } from './funnel.rules.js';

const STEP_ZH: Record<FunnelStep, string> = {
  signals: '预警信号',
  alerts: '接收',
  pushed: '推送',
  accepted: '签收',
  reached: '联系上',
  visited: '见面',
  closed: '结案',
  dissuaded: '劝阻成功',
};

const COLUMNS: readonly Column<FunnelRow>[] = [
  { title: '单位代码', kind: 'text', cell: ({ agency }) => agency.code },
  { title: '单位名称', kind: 'text', cell: ({ agency }) => agency.name },
  ...FUNNEL_STEPS.flatMap((step, index): Column<FunnelRow>[] => {
    const title = STEP_ZH[step];
    const count: Column<FunnelRow> = { title, kind: 'count', cell: ({ steps }) => steps[index]!.count };
    if (index === 0) return [count];
    return [
      count,
      { title: `${title}-占上一步`, kind: 'rate', cell: ({ steps }) => steps[index]!.shareOfBefore?.rate },
      { title: `${title}-流失`, kind: 'count', cell: ({ steps }) => steps[index]!.dropOff?.numerator },
      { title: `${title}-流失率`, kind: 'rate', cell: ({ steps }) => steps[index]!.dropOff?.rate },
    ];
  }),
];

export const FUNNEL_REPORT: AgencyReport<FunnelAnswer> = {
  name: 'funnel',
  title: '预警处置漏斗',
  definitions: {
    ...defined(['signals'], { alerts: 'alerts' }),
    ...Object.fromEntries(
      (
        [
          [
            'pushed',
            '范围内已推送的预警(自首次推送起案件时限开始计算);县级、乡镇的范围均为已推送的。',
            'Cases of the cohort that were pushed (the clocks of a case run from its first push); all of a county’s or township’s cohort were.',
          ],
          [
            'accepted',
            '范围内由该行单位(含下级)至少签收过一次的预警,不论早晚。',
            'Cases of the cohort that the agency of the row, or one below it, signed for at least once, late or not.',
          ],
          [
            'reached',
            '范围内由该行单位(含下级)以任一方式联系上本人的预警,与“预警后被骗率”的分母相同。',
            'Cases of the cohort whose person the agency of the row, or one below it, reached by any method: the denominator of defraudedAfterRate.',
          ],
          [
            'visited',
            '范围内由该行单位(含下级)上门见到本人的预警,不论是否须上门。',
            'Cases of the cohort whose person the agency of the row, or one below it, saw on a visit, whether or not the case required one.',
          ],
          [
            'closed',
            '范围内当前已结案的预警,记在结案时的持有单位;各结果之和。',
            'Cases of the cohort that are closed now, for the agency that held the case when it was closed: the sum of results.',
          ],
          [
            'dissuaded',
            '范围内结果为“劝阻成功”的预警。',
            'Cases of the cohort whose result is dissuaded: results.dissuaded.',
          ],
        ] as [FunnelStep, string, string][]
      ).map(([step, zh, en]) => [step, { name: STEP_ZH[step], zh, en }]),
    ),
    shareOfBefore: {
      name: '占上一步',
      zh: '上一步的预警中也完成本步的 ÷ 上一步。各步分别计数,结案不必见面,故本步的数可大于上一步。',
      en: 'Of those of the step before, those that took this step, too. Each step is counted by itself (a case may be closed without a visit), so a step may have more than the one before.',
    },
    dropOff: {
      name: '流失',
      zh: '上一步的预警中未完成本步的 ÷ 上一步;“接收”的流失为并入其他预警的信号。尚在办理的也在其中。',
      en: 'Of those of the step before, those that did not take this step; between signals and alerts: the signals that joined an alert. Those that are still worked on are among them.',
    },
    below: {
      name: '下级',
      zh: '下一级各单位以各自的范围(首次指派到该单位的预警)计算;一件预警到过两个单位的,在两行中都计入。',
      en: 'Each agency of the tier below over its own cohort (alerts first assigned to it); an alert that went to two agencies counts in both rows.',
    },
  },
  tables: ({ agency, steps, below }) => [
    sheetOf<FunnelRow>({
      name: '漏斗',
      columns: COLUMNS,
      rows: [{ agency, steps }, ...(below?.rows ?? [])],
      charts: [
        {
          title: '各单位接收、见面与劝阻成功',
          kind: 'bar',
          category: '单位名称',
          series: [STEP_ZH.alerts, STEP_ZH.visited, STEP_ZH.dissuaded],
        },
      ],
    }),
  ],
};
