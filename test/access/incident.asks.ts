import { randomInt } from 'node:crypto';
import type { Test } from 'supertest';
import { START, type Officer } from '../support/app.js';

type Ask = (who: Officer, id: string, now: string) => Test;

const digits = (): string => String(randomInt(1e8)).padStart(8, '0');
const report = (): Record<string, unknown> => ({
  source: 'national-platform',
  sourceRef: `J-${digits()}`,
  reportedAt: START,
  divisionCode: '411322',
  victim: { kind: 'person', name: '李小明', phone: `137${digits()}` },
  fraudType: 'brushing-rebate',
  lossFen: 100,
});
const FILE = '来源,来源编号,报案时间,诈骗类型,损失金额,手机号\nnational-platform,IMP-1,2023-06-01 09:00,刷单返利,1,1\n';

/** How operations on incidents are asked for. */
export const INCIDENT_ASKS: Record<string, Ask> = {
  createIncident: (who) => who.post('/incidents', report()),
  createIncidents: (who) => who.post('/incidents/batch', { incidents: [report()] }),
  importIncidents: (who) => who.upload('/incidents/import', FILE),
  listIncidents: (who) => who.get('/incidents?limit=200'),
  getIncident: (who, id) => who.get(`/incidents/${id}`),
  getIncidentTimeline: (who, id) => who.get(`/incidents/${id}/timeline`),
  fileIncident: (who, id) => who.post(`/incidents/${id}/file`, { caseNo: `A-${digits()}` }),
  transferIncident: (who, id) => who.post(`/incidents/${id}/transfer`, { agency: '411322101', reason: '住址在该镇' }),
  revealIncident: (who, id) => who.post(`/incidents/${id}/reveal`, { purpose: '核对账号' }),
};

/** Those that answer 200 to everybody who may ask: what matters is whether the object shows. */
export const INCIDENT_LISTS = ['listIncidents', 'createIncidents'];

/** An incident that a feed handed in, at a county. @returns undefined where the kind is of another */
export async function handedIn(kind: string, feed: Officer): Promise<string | undefined> {
  if (kind !== 'handed-in') return undefined;
  const { status, text, body } = await feed.post('/incidents', report());
  if (status !== 201) throw new Error(`${status} ${text}`);
  return (body as { id: string }).id;
}
