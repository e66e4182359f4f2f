import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { Database } from '../../src/platform/database/database.js';
import { ChainVerifier } from '../../src/timeline/chain.verifier.js';
import type { World } from './support.js';

const OPEN = `('assigned', 'in_progress', 'pending_review')`;

/** What must be true of the tables at every moment: each query finds the cases of which it is not. */
const FAULTS: Record<string, string> = {
  'one open hop exactly where the case is with somebody': `
    SELECT a.id FROM alert a LEFT JOIN assignment s ON s.alert_id = a.id AND s.ended_at IS NULL
    GROUP BY a.id HAVING count(s.alert_id) <> (a.status IN ${OPEN})::int`,
  'the open hop is the last one, at the holder, and signed for unless assigned': `
    SELECT a.id FROM alert a JOIN assignment s ON s.alert_id = a.id AND s.ended_at IS NULL
    WHERE s.agency_id <> a.holder_id OR s.hop <> a.hop OR (s.accepted_at IS NULL) <> (a.status = 'assigned')
      OR s.accept_due_at IS DISTINCT FROM a.accept_due_at AND a.status = 'assigned'`,
  'hops are numbered without a gap': `
    SELECT a.id FROM alert a LEFT JOIN assignment s ON s.alert_id = a.id
    GROUP BY a.id HAVING count(s.hop) <> a.hop OR coalesce(max(s.hop), 0) <> a.hop`,
  'hops follow each other in time': `
    SELECT s.alert_id AS id FROM assignment s JOIN assignment n ON n.alert_id = s.alert_id AND n.hop = s.hop + 1
    WHERE s.ended_at IS NULL OR n.assigned_at < s.ended_at`,
  'held_by names every agency that held it, in order, and the first hop of each is marked': `
    SELECT a.id FROM alert a LEFT JOIN LATERAL (
      SELECT array_agg(agency_id ORDER BY first) AS held, bool_and(marked = 1) AS marked FROM (
        SELECT agency_id, min(hop) AS first, count(*) FILTER (WHERE first_here) AS marked
        FROM assignment WHERE alert_id = a.id GROUP BY agency_id) each) h ON true
    WHERE coalesce(h.held, '{}') <> a.held_by OR h.marked = false`,
  'a person has one open alert in a city, beside those split off': `
    SELECT min(id::text) AS id FROM alert WHERE status IN ('new', 'assigned', 'in_progress', 'pending_review') AND NOT split
    GROUP BY city_id, phone_ix HAVING count(*) > 1`,
  'what is merged joined an alert of its own city that is not merged': `
    SELECT a.id FROM alert a LEFT JOIN alert t ON t.id = a.merged_into
    WHERE a.status = 'merged' AND (t.id IS NULL OR t.status = 'merged' OR t.city_id <> a.city_id OR a.holder_id IS NOT NULL)`,
  'an outcome waits exactly where the case waits': `
    SELECT a.id FROM alert a LEFT JOIN outcome o ON o.alert_id = a.id AND o.decision IS NULL
    GROUP BY a.id HAVING count(o.id) <> (a.status = 'pending_review')::int`,
  'an approved outcome stands exactly where the case is closed': `
    SELECT a.id FROM alert a LEFT JOIN outcome o ON o.alert_id = a.id AND o.decision = 'approve' AND o.voided_at IS NULL
    GROUP BY a.id HAVING count(o.id) <> (a.status = 'closed')::int OR max(o.result) IS DISTINCT FROM a.result`,
  'urged is what has an open urge': `
    SELECT a.id FROM alert a WHERE a.urged <> EXISTS (SELECT FROM urge u WHERE u.alert_id = a.id AND u.ended_at IS NULL)`,
  'attempts are counted': `
    SELECT a.id FROM alert a LEFT JOIN attempt t ON t.alert_id = a.id GROUP BY a.id
    HAVING (count(*) FILTER (WHERE method = 'sms'), count(*) FILTER (WHERE method = 'call'), count(*) FILTER (WHERE method = 'visit'))
      <> (a.sms_attempts, a.call_attempts, a.visit_attempts)`,
  'the next deadline is the earliest that is not met': `
    SELECT id FROM alert WHERE next_due_at IS DISTINCT FROM
      CASE WHEN status IN ('new', 'assigned', 'in_progress', 'pending_review') THEN least(accept_due_at,
        CASE WHEN call_met_at IS NULL THEN call_due_at END, CASE WHEN visit_met_at IS NULL THEN visit_due_at END,
        CASE WHEN feedback_met_at IS NULL THEN feedback_due_at END) END`,
  'follow-ups are planned for closed cases only': `
    SELECT a.id FROM alert a JOIN follow_up f ON f.alert_id = a.id AND f.done_at IS NULL AND f.cancelled_at IS NULL
    WHERE a.status <> 'closed'`,
  'returns are counted': `
    SELECT a.id FROM alert a LEFT JOIN assignment s ON s.alert_id = a.id AND s.ended_how = 'return'
    GROUP BY a.id HAVING count(s.hop) <> a.returns`,
};

/** Everything that is wrong in the database, in words; the history is proved as well. */
export async function faultsOf(world: Pick<World, 'app' | 'sql'>): Promise<string[]> {
  const faults: string[] = [];
  for (const [rule, query] of Object.entries(FAULTS)) {
    const rows = await world.sql<{ id: string }>(`${query} LIMIT 3`);
    faults.push(...rows.map(({ id }) => `${id}: not "${rule}"`));
  }
  const { app } = world.app;
  const city = (await app.get(OrganizationRegistry).current()).byCode('4113')!;
  const { breaks } = await app
    .get(Database)
    .read(systemCaller(city).session, (tx) => app.get(ChainVerifier, { strict: false }).verify(tx));
  return [...faults, ...breaks.map((broken) => JSON.stringify(broken))];
}
