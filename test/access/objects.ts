import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import type { Test } from 'supertest';
import { BEGINNING } from '../../src/feed/feed.js';
import { FeedView } from '../../src/feed/feed.view.js';
import { Database, session } from '../../src/platform/database/database.js';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { WebhookPlanner } from '../../src/webhook/webhook.planner.js';
import { Officer, signal, START, type TestApp } from '../support/app.js';
import { EXPORT_ASKS, EXPORT_LISTS, exportOf } from './export.asks.js';
import { FREEZE_ASKS, FREEZE_LISTS, FreezeObjects } from './freeze.asks.js';
import { handedIn, INCIDENT_ASKS, INCIDENT_LISTS } from './incident.asks.js';
import { MONEY_ASKS, MONEY_LISTS, MoneyObjects } from './money.asks.js';
import { RANKING_ASKS, RANKING_LISTS, RankingObjects } from './ranking.asks.js';
import { RETURN_ASKS, RETURN_LISTS, ReturnObjects } from './return.asks.js';

type Ask = (who: Officer, id: string, now: string) => Test;

interface Answer {
  status: number;
  body: Record<string, unknown>;
  text: string;
}

const COUNTY = '411322';
const TOWNSHIP = '411322101';
const COUNTY_JUNE = `agency=${COUNTY}&from=2023-06-01&to=2023-06-30`;

/** How each operation is asked for, with a body that is right. `{id}` stands for the object. */
const ASK: Record<string, Ask> = {
  ...INCIDENT_ASKS,
  ...MONEY_ASKS,
  ...FREEZE_ASKS,
  ...RETURN_ASKS,
  ...RANKING_ASKS,
  ...EXPORT_ASKS,
  logout: (who) => who.post('/auth/logout'),
  getMe: (who) => who.get('/auth/me'),
  changePassword: (who) =>
    who.post('/auth/password', { currentPassword: 'not-the-one-I-have', newPassword: 'Qi-Che-Zhan-7731!' }),
  enrolTotp: (who) => who.post('/auth/totp', { password: 'Wan-Zhuan-8848!' }),
  confirmTotp: (who) => who.post('/auth/totp/confirm', { code: '123456' }),
  disableTotp: (who) => who.post('/auth/totp/disable', { password: 'Wan-Zhuan-8848!', code: '123456' }),
  getMyContact: (who) => who.get('/auth/me/contact'),
  putMyContact: (who) => who.put('/auth/me/contact', { channel: 'sms', address: '13800001234' }),
  listUsers: (who) => who.get('/users?limit=200'),
  getUser: (who, id) => who.get(`/users/${id}`),
  createUser: (who, id) =>
    who.post('/users', { username: `new-${id.slice(-12)}`, displayName: '新警官', agency: COUNTY, roles: ['officer'] }),
  updateUser: (who, id) => who.patch(`/users/${id}`, { displayName: '改名' }),
  lockUser: (who, id) => who.post(`/users/${id}/lock`),
  unlockUser: (who, id) => who.post(`/users/${id}/unlock`),
  resetUser: (who, id) => who.post(`/users/${id}/reset`),
  listApiKeys: (who) => who.get('/api-keys?limit=200'),
  createApiKey: (who) => who.post('/api-keys', { name: 'desk', agency: COUNTY, roles: ['officer'] }),
  rotateApiKey: (who, id) => who.post(`/api-keys/${id}/rotate`),
  revokeApiKey: (who, id) => who.delete(`/api-keys/${id}`),
  listAudit: (who) => who.get('/audit?limit=200'),
  listWebhooks: (who) => who.get('/webhooks?limit=200'),
  createWebhook: (who) => who.post('/webhooks', { url: 'https://9.9.9.9/sanji', types: ['case.*'] }),
  getWebhook: (who, id) => who.get(`/webhooks/${id}`),
  updateWebhook: (who, id) => who.patch(`/webhooks/${id}`, { types: ['case.closed'] }),
  deleteWebhook: (who, id) => who.delete(`/webhooks/${id}`),
  rotateWebhookSecret: (who, id) => who.post(`/webhooks/${id}/rotate-secret`),
  listWebhookDeliveries: (who, id) => who.get(`/webhooks/${id}/deliveries`),
  resendWebhookDelivery: (who, id) => {
    const [webhookId, deliveryId = webhookId] = id.split(' ');
    return who.post(`/webhooks/${webhookId}/deliveries/${deliveryId}/resend`);
  },
  listAgencies: (who) => who.get('/agencies?limit=200&q=411322'),
  getAgency: (who) => who.get(`/agencies/${COUNTY}`),
  createAgency: (who, id) =>
    who.post('/agencies', {
      code: `S${id.slice(-8)}`,
      name: '某派出所',
      tier: 'township',
      kind: 'station',
      parent: COUNTY,
      areas: [],
    }),
  updateAgency: (who) => who.patch(`/agencies/${COUNTY}`, { name: '方城县公安局' }),
  getAgencyContact: (who) => who.get(`/agencies/${COUNTY}/message-contact`),
  putAgencyContact: (who) =>
    who.put(`/agencies/${COUNTY}/message-contact`, { channel: 'wecom', address: 'robot-key-1' }),
  listFraudTypes: (who) => who.get('/fraud-types'),
  getPolicy: (who) => who.get('/policies/clocks'),
  listPolicyVersions: (who) => who.get('/policies/clocks/versions'),
  putPolicy: (who) => who.put('/policies/routing', { document: { autoPush: true, watchDays: 30, maxReturns: 2 } }),
  createAlert: (who) => who.post('/alerts', signal()),
  createAlerts: (who) => who.post('/alerts/batch', { alerts: [signal()] }),
  importAlerts: (who) => who.upload('/alerts/import', IMPORT),
  getImport: (who, id) => who.get(`/imports/${id}`),
  getImportRejects: (who, id) => who.get(`/imports/${id}/rejects.csv`),
  listAlerts: (who) => who.get('/alerts?limit=200&sort=-receivedAt'),
  getAlert: (who, id) => who.get(`/alerts/${id}`),
  streamEvents: (who) =>
    who.get('/events?lastEventId=0.00000000-0000-0000-0000-000000000000.0').buffer(true).parse(untilLive),
  getAlertTimeline: (who, id) => who.get(`/alerts/${id}/timeline`),
  getAlertAssignments: (who, id) => who.get(`/alerts/${id}/assignments`),
  getAlertSignals: (who, id) => who.get(`/alerts/${id}/signals`),
  revealAlert: (who, id) => who.post(`/alerts/${id}/reveal`, { purpose: '核对住址' }),
  pushAlert: (who, id) => who.post(`/alerts/${id}/push`, { agency: COUNTY }),
  acceptAlert: (who, id) => who.post(`/alerts/${id}/accept`),
  forwardAlert: (who, id) => who.post(`/alerts/${id}/forward`, { agency: TOWNSHIP }),
  returnAlert: (who, id) => who.post(`/alerts/${id}/return`, { reason: 'not-local', note: '现居深圳' }),
  transferAlert: (who, id) => who.post(`/alerts/${id}/transfer`, { agency: '411325', reason: '现住邻县' }),
  recallAlert: (who, id) => who.post(`/alerts/${id}/recall`, { reason: '紧急' }),
  withdrawAlert: (who, id) => who.post(`/alerts/${id}/withdraw`, { reason: '测试数据' }),
  recordAttempt: (who, id) =>
    who.post(`/alerts/${id}/attempts`, { method: 'call', at: START, reached: true, participants: [] }),
  submitOutcome: (who, id) =>
    who.post(`/alerts/${id}/outcome`, { result: 'false-alarm', interceptedFen: 0, lossFen: 0, note: '误报' }),
  reviewOutcome: (who, id) => who.post(`/alerts/${id}/review`, { decision: 'approve' }),
  reopenAlert: (who, id) => who.post(`/alerts/${id}/reopen`, { reason: '仍在转账' }),
  escalateAlert: (who, id) => who.post(`/alerts/${id}/escalate`, { riskLevel: 'urgent', reason: '正在转账' }),
  urgeAlert: (who, id) => who.post(`/alerts/${id}/urge`, { note: '请立即上门' }),
  replyToUrge: (who, id) => who.post(`/alerts/${id}/reply`, { note: '已到现场' }),
  unmergeAlert: (who, id) => who.post(`/alerts/${id}/unmerge`, { reason: '同号两人' }),
  recordFollowUp: (who, id, now) => who.post(`/alerts/${id}/follow-ups`, { at: now, result: 'safe' }),
  listUrges: (who) => who.get('/urges?limit=200'),
  listLedger: (who, id) => who.get(`/ledger?case=${id}`),
  getBalance: (who) => who.get('/ledger/balance?account=6222021234560123'),
  listFollowUps: (who) => who.get('/follow-ups?limit=200&due=2023-12-31'),
  bulkAlerts: (who, id) => who.post('/alerts/bulk', { ids: [id], command: 'accept' }),
  getFraudTypeReport: (who) => who.get(`/reports/fraud-types?${COUNTY_JUNE}`),
  getGroupReport: (who) => who.get(`/reports/groups?${COUNTY_JUNE}`),
  getSourceReport: (who) => who.get(`/reports/sources?${COUNTY_JUNE}`),
  getChannelReport: (who) => who.get(`/reports/channels?${COUNTY_JUNE}`),
  getFunnel: (who) => who.get(`/reports/funnel?${COUNTY_JUNE}`),
  getBriefing: (who) => who.get(`/reports/briefing?${COUNTY_JUNE}`),
  getTrend: (who) => who.get(`/reports/trend?${COUNTY_JUNE}`),
  getOfficerReport: (who) => who.get(`/reports/officers?${COUNTY_JUNE}`),
  getHotSpots: (who) => who.get(`/reports/hot-spots?agency=${COUNTY}&month=2023-05`),
  getReportCases: (who) => who.get(`/reports/groups/cases?${COUNTY_JUNE}&indicator=received`),
  getOfficerReportCases: (who) => who.get(`/reports/officers/cases?${COUNTY_JUNE}&indicator=accepted`),
  getFundsReportCases: (who) =>
    who.get(`/reports/funds/cases?from=2023-06-01&to=2023-06-01&parent=${COUNTY}&indicator=stoppedFen`),
  getFundsReport: (who) => who.get(`/reports/funds?from=2023-06-01&to=2023-06-01&parent=${COUNTY}`),
  getTierReport: (who) => who.get('/reports/tiers/county?from=2023-06-01&to=2023-06-01'),
  getTierReportCases: (who) =>
    who.get(`/reports/tiers/county/cases?agency=${COUNTY}&indicator=received&from=2023-06-01&to=2023-06-01`),
};

/** Transfers from a township go to a sister township, from a county to a sister county. */
const ASK_FOR_OBJECT: Record<string, Ask> = {
  'transferAlert in_progress@township': (who, id) =>
    who.post(`/alerts/${id}/transfer`, { agency: '411322102', reason: '现住邻镇' }),
};

/** Operations that answer 200 to everybody who may ask: what matters is whether the object shows. */
const SHOWS = new Set([
  ...INCIDENT_LISTS,
  ...MONEY_LISTS,
  ...FREEZE_LISTS,
  ...RETURN_LISTS,
  ...RANKING_LISTS,
  ...EXPORT_LISTS,
  'listUsers',
  'listApiKeys',
  'listAudit',
  'listWebhooks',
  'listAgencies',
  'listAlerts',
  'listFollowUps',
  'streamEvents',
  'listUrges',
  'listLedger',
  'bulkAlerts',
  'createAlerts',
  'getTierReport',
]);

/** Objects in the state that an operation needs, made by people who may; one serves until somebody has changed it. */
export class Objects {
  private readonly ready = new Map<string, string>();
  private admin: Officer | undefined;

  private constructor(
    private readonly app: TestApp,
    private readonly feed: Officer,
    private readonly city: Officer,
    private readonly citySupervisor: Officer,
    private readonly county: Officer,
    private readonly countySupervisor: Officer,
    private readonly township: Officer,
    private readonly security: Officer,
  ) {}

  static async make(app: TestApp): Promise<Objects> {
    return new Objects(
      app,
      await app.feed(),
      await app.user('4113', 'officer'),
      await app.user('4113', 'supervisor'),
      await app.user(COUNTY, 'officer'),
      await app.user(COUNTY, 'supervisor'),
      await app.user(TOWNSHIP, 'officer'),
      await app.user('4113', 'security'),
    );
  }

  /** Asks for an operation on an object, in the words of the table. */
  async probe(operation: string, object: string, who: Officer): Promise<string> {
    const kept = `${operation} ${object}`;
    const id = this.ready.get(kept) ?? (await this.object(object));
    this.ready.set(kept, id);
    const ask = ASK_FOR_OBJECT[kept] ?? ASK[operation]!;
    if (operation === 'streamEvents') await this.settled(id);
    const answer: Answer = await this.asked(operation, ask, who, id);
    if (answer.status >= 300) return String(answer.status);
    if (SHOWS.has(operation)) return shows(operation, answer, id) ? 'sees' : 'blind';
    this.ready.delete(kept);
    return 'ok';
  }

  /** Waits until a case is in the feed: transactions of other tests on the same server are waited for. */
  private async settled(id: string): Promise<void> {
    const [database, feed] = [Database, FeedView].map((type) => this.app.app.get(type as Type, { strict: false })) as [
      Database,
      FeedView,
    ];
    const nobody = session({ actor: 'test', agency_path: '', roles: 'system' });
    const found = (): Promise<boolean> =>
      database.read(nobody, async (tx) =>
        (await feed.after(tx, BEGINNING, 100_000)).some(({ caseId }) => caseId === id),
      );
    for (const until = Date.now() + 20_000; Date.now() < until && !(await found());) await delay(20);
  }

  /** Asks for an operation with an object that is not there: for those who should not get so far. */
  async call(operation: string, who: Officer): Promise<Answer> {
    return ASK[operation]!(who, '01887496-3c80-7b4e-9a54-0f2d6c1b7e21', START);
  }

  async strangers(): Promise<Record<string, Officer>> {
    this.app.clock.set('2022-01-01T00:00:00+08:00');
    const past = await this.app.user('4113', 'officer');
    this.app.clock.set(START);
    const organization = await this.app.app.get(OrganizationRegistry).current();
    const keys = this.app.app.get(ApiKeyService);
    const system = systemCaller(organization.byCode('4113')!);
    const revoked = await keys.issue(system, { name: 'old', agency: '4113', roles: ['officer'] });
    await keys.revoke(system, revoked.id);
    return {
      nobody: new Officer(this.app, {}, 'nobody'),
      'an expired token': past,
      'a revoked key': new Officer(this.app, { 'x-api-key': revoked.key }, 'revoked'),
    };
  }

  /** Somebody who logs out is nobody afterwards: it is asked by a twin. */
  private async asked(operation: string, ask: Ask, who: Officer, id: string): Promise<Answer> {
    // Two versions of a policy cannot begin at one moment.
    if (operation === 'putPolicy') this.app.clock.advanceMinutes(1);
    const now = this.app.clock.now().toISOString();
    if (operation !== 'logout') return ask(who, id, now);
    const [role, agency] = who.name.split('-');
    return ask(await this.app.user(agency!, role as 'officer'), id, now);
  }

  private async object(object: string): Promise<string> {
    const [kind, place] = object.split('@') as [string, string];
    switch (kind) {
      case 'nothing':
      case 'agency':
      case 'station':
      case 'policy':
      case 'signal':
      case 'file':
      case 'report':
      case 'audit':
        return crypto.randomUUID();
      case 'user':
        return (
          await this.security.post('/users', {
            username: `u${crypto.randomUUID().slice(0, 8)}`,
            displayName: '某警官',
            agency: COUNTY,
            roles: ['officer'],
          })
        ).body.id as string;
      case 'key': {
        const organization = await this.app.app.get(OrganizationRegistry).current();
        const issued = await this.app.app
          .get(ApiKeyService)
          .issue(systemCaller(organization.byCode(COUNTY)!), { name: 'k', agency: COUNTY, roles: ['officer'] });
        return issued.id;
      }
      case 'webhook':
        return this.webhook();
      case 'delivery':
        return this.delivery();
      case 'import':
        return (await this.feed.upload('/alerts/import', IMPORT)).body.id as string;
      default: {
        const money = new MoneyObjects(this.county, () => this.app.clock.now().toISOString());
        const ofMoney = (of: string): Promise<string | undefined> =>
          money.make(of, () => this.alert('in_progress', place));
        const freezes = new FreezeObjects(this.county, this.countySupervisor, ofMoney);
        const returns = new ReturnObjects(
          this.county,
          this.countySupervisor,
          this.citySupervisor,
          () => this.app.clock.now().toISOString(),
          (of) => freezes.make(of),
        );
        const rankings = new RankingObjects(this.app, this.citySupervisor, this.countySupervisor);
        return (
          (await handedIn(kind, this.feed)) ??
          (await exportOf(kind, this.county)) ??
          (await rankings.make(kind, place === 'township' ? TOWNSHIP : COUNTY)) ??
          (await ofMoney(kind)) ??
          (await freezes.make(kind)) ??
          (await returns.make(kind)) ??
          this.alert(kind, place)
        );
      }
    }
  }

  private async webhook(): Promise<string> {
    const body = { url: 'https://9.9.9.9/sanji', types: ['case.*'] };
    return (await (await this.countyAdmin()).post('/webhooks', body)).body.id as string;
  }

  private async delivery(): Promise<string> {
    const webhookId = await this.webhook();
    await this.feed.post('/alerts', signal());
    const path = `/webhooks/${webhookId}/deliveries`;
    for (const until = Date.now() + 20_000; Date.now() < until; await delay(20)) {
      // Transactions of other tests on the same server are waited for.
      await this.app.app.get(WebhookPlanner).round();
      const { items } = (await (await this.countyAdmin()).get(path)).body as { items: { id: string }[] };
      if (items[0]) return `${webhookId} ${items[0].id}`;
    }
    throw new Error('no delivery was planned');
  }

  private async countyAdmin(): Promise<Officer> {
    return (this.admin ??= await this.app.user(COUNTY, 'admin'));
  }

  /** Walks a fresh alert to the state wanted. */
  private async alert(state: string, place: string): Promise<string> {
    const id = (await this.feed.post('/alerts', signal(state === 'new' ? { divisionCode: undefined } : {}))).body
      .id as string;
    if (state === 'new' || (state === 'assigned' && place === 'county')) return id;
    if (state === 'urged') {
      await this.citySupervisor.post(`/alerts/${id}/urge`, { note: '请说明' });
      return id;
    }
    if (state === 'merged') {
      const { phone } = (await this.county.post(`/alerts/${id}/reveal`, { purpose: '核对' })).body.subject as {
        phone: string;
      };
      return (await this.feed.post('/alerts', signal({ subject: { phone } }))).body.id as string;
    }
    await this.county.post(`/alerts/${id}/accept`);
    let holder = this.county;
    if (place === 'township') {
      await this.county.post(`/alerts/${id}/forward`, { agency: TOWNSHIP });
      if (state === 'assigned') return id;
      await this.township.post(`/alerts/${id}/accept`);
      holder = this.township;
    }
    if (state === 'in_progress') return id;
    await holder.post(`/alerts/${id}/attempts`, { method: 'call', at: START, reached: true, participants: [] });
    const toReview = state === 'pending' && place === 'county';
    const interceptedFen = toReview ? 5_000_000 : state === 'booked' ? 100 : 0;
    const money = { interceptedFen, ...(interceptedFen > 0 ? { interceptedBasis: 'transfer-cancelled' } : {}) };
    await holder.post(`/alerts/${id}/outcome`, { result: 'dissuaded', lossFen: 0, note: '已劝阻', ...money });
    if (place === 'township' && state !== 'pending')
      await this.countySupervisor.post(`/alerts/${id}/review`, { decision: 'approve' });
    return id;
  }
}

const IMPORT =
  '来源,来源编号,发现时间,风险等级,诈骗类型,手机号\nnational-platform,IMP-1,2023-06-01 09:00,高,刷单返利,1\n';

/** A stream does not end by itself: it is read until it has caught up. A refusal ends. */
function untilLive(response: unknown, done: (error: Error | null, text: string) => void): void {
  const stream = response as Readable & { text: string };
  stream.text = '';
  stream.setEncoding('utf8').on('data', (part: string) => {
    stream.text += part;
    if (!stream.text.includes(': live')) return;
    stream.destroy();
    done(null, stream.text);
  });
  stream.on('end', () => done(null, stream.text));
}

function shows(operation: string, { body, text }: Answer, id: string): boolean {
  switch (operation) {
    case 'listAudit':
    case 'listAgencies':
    case 'getTierReport':
    case 'getRanking':
      return text.includes(`"${COUNTY}"`);
    case 'listAlerts':
      return text.includes(id);
    case 'bulkAlerts':
      return body['done'] === 1;
    case 'createAlerts':
    case 'createIncidents':
      return body['created'] === 1;
    default:
      return text.includes(id);
  }
}
