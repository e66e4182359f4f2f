import { item } from './counted.item.js';
import { rate, type Open, type OpenReport } from './open-report.js';
import { actsOf, type OfficerCounts } from './officers.view.js';

/** Of the system's own acts, which are nobody's. */
const SYSTEM = 'system';

const act =
  (field: keyof OfficerCounts): Open =>
  (key) => ({
    opening: {
      of: 'acts',
      select: (scope, values) => {
        const found = actsOf(scope, values).find(({ counts }) => field in counts)!;
        const { alertId, itemId, ...facts } = found.shown;
        const whose =
          key === undefined
            ? 'true'
            : key === SYSTEM
              ? `${found.person} IS NULL`
              : `${found.person} = ${values.add(key)}::uuid`;
        return `${item(alertId, itemId, facts)} FROM ${found.from()} AND ${found.counts[field]!} AND ${whose}`;
      },
    },
  });

export const OFFICERS: OpenReport = {
  key: { name: `id of the person or key, or ${SYSTEM}`, of: /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|system)$/ },
  openings: {
    accepted: act('accepted'),
    ...Object.fromEntries(rate('acceptOnTimeRate', act('acceptOnTime'), act('acceptDue'))),
    'attempts.sms': act('sms'),
    'attempts.call': act('call'),
    'attempts.visit': act('visit'),
    'attempts.visitReached': act('visitReached'),
    submitted: act('submitted'),
    approved: act('approved'),
    rejected: act('rejected'),
    ...Object.fromEntries(rate('feedbackOnTimeRate', act('feedbackOnTime'), act('feedbackDue'))),
    followUpsDone: act('followUpsDone'),
  },
};
