import { Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import type { Agency } from '../organization/agency.js';
import { riskOrder } from '../organization/risk.js';
import type { EndedHow, How, ReturnReason } from './assignment.js';
import type { EscalateBody, ReasonBody, ReturnBody, ToAgencyBody, TransferBody } from './assignment.dto.js';
import { alreadyThere, notHigher, tooManyReturns, wrongTarget } from './assignment.problems.js';
import { AssignmentStore } from './assignment.store.js';
import { endAcceptClock, raiseClocks } from '../alert/clock.rules.js';
import { beginHop, layOnCityDesk } from './hop.rules.js';

/** The hand-overs between tiers: what each command does to a case that the desk holds. */
@Injectable()
export class AssignmentService {
  constructor(private readonly store: AssignmentStore) {}

  /** 推送: the city hands a new alert to a county. */
  push(at: CaseAtHand, body: ToAgencyBody): void {
    const to = target(at, body.agency, 'county', at.organization.byId(at.alert.cityId));
    this.begin(at, to, 'push', 'assigned');
    at.log('pushed', this.facts(at, to), body.note);
  }

  /** 签收. */
  accept(at: CaseAtHand, note?: string): void {
    const { alert, tx, caller, now } = at;
    const late = alert.acceptDueAt !== null && now.getTime() > alert.acceptDueAt.getTime();
    this.store.accept(tx, alert.id, alert.hop, caller.id);
    alert.status = 'in_progress';
    endAcceptClock(alert);
    at.log('accepted', { hop: alert.hop, late }, note);
  }

  /** 下发: a county hands a case to one of its townships. */
  forward(at: CaseAtHand, body: ToAgencyBody): void {
    const to = target(at, body.agency, 'township', at.holder);
    this.move(at, to, 'forward', 'forward', 'assigned');
    at.log('forwarded', this.facts(at, to), body.note);
  }

  /** 退回: back to the tier above; from a county to the city's desk. */
  return(at: CaseAtHand, body: ReturnBody): void {
    const { alert, policies, organization } = at;
    if (alert.returns >= policies.routing.maxReturns) {
      throw tooManyReturns.with(
        `This alert has been returned ${alert.returns} times, as often as policy allows. Work it, or ask the city to transfer it.`,
      );
    }
    const above = organization.parentOf(at.holder)!;
    alert.returns += 1;
    this.end(at, 'return', body.reason);
    if (above.tier === 'city') layOnCityDesk(alert);
    else this.begin(at, above, 'return', 'assigned', body.reason);
    at.log('returned', { ...this.facts(at, above), reason: body.reason, returns: alert.returns }, body.note);
  }

  /** 移交: the city between counties, a county between its townships. */
  transfer(at: CaseAtHand, body: TransferBody): void {
    const { caller } = at;
    const from = at.holder;
    const to = target(at, body.agency, caller.agency.tier === 'city' ? 'county' : 'township', caller.agency);
    if (to.id === from.id) throw alreadyThere.with(`The case is with ${to.name} already. Choose another agency.`);
    const reason = at.masked(body.reason);
    this.move(at, to, 'transfer', 'transfer', 'assigned', reason);
    at.log('transferred', { ...this.facts(at, to), fromAgency: from.code, reason }, body.note);
  }

  /** 撤回: taken back by a tier above, which works on it without signing; the city lays it on its desk. */
  recall(at: CaseAtHand, body: ReasonBody): void {
    const { caller } = at;
    const from = at.holder;
    const reason = at.masked(body.reason);
    if (caller.agency.tier === 'city') {
      this.end(at, 'recall');
      layOnCityDesk(at.alert);
    } else this.move(at, caller.agency, 'recall', 'recall', 'in_progress', reason);
    at.log('recalled', { ...this.facts(at, caller.agency), fromAgency: from.code, reason });
  }

  /** Raises the level; never lowers it. */
  escalate(at: CaseAtHand, body: EscalateBody): void {
    const { alert } = at;
    const from = alert.riskLevel;
    if (riskOrder(body.riskLevel) <= riskOrder(from)) {
      throw notHigher.with(`The alert is ${from} already; a level is raised, never lowered. Choose a higher one.`, {
        errors: [{ pointer: '/riskLevel', message: `must be higher than ${from}` }],
      });
    }
    alert.riskLevel = body.riskLevel;
    alert.escalated = true;
    this.raise(at);
    at.log('escalated', { fromRiskLevel: from, riskLevel: body.riskLevel, reason: at.masked(body.reason) });
  }

  /** Ends the open hop, where there is one. */
  end(at: CaseAtHand, how: EndedHow, returnReason?: ReturnReason): void {
    if (at.alert.status !== 'new') this.store.end(at.tx, at.alert.id, at.alert.hop, how, returnReason);
  }

  /** Opens a hop. */
  begin(at: CaseAtHand, to: Agency, how: How, as: 'assigned' | 'in_progress', reason?: string): void {
    const hop = beginHop(at.alert, to, how, as, at.policies, at.now, at.caller.id, reason);
    this.store.insert(at.tx, [hop]);
  }

  private move(
    at: CaseAtHand,
    to: Agency,
    ended: EndedHow,
    how: How,
    as: 'assigned' | 'in_progress',
    reason?: string,
  ): void {
    this.end(at, ended);
    this.begin(at, to, how, as, reason);
  }

  private raise(at: CaseAtHand): void {
    const { alert, policies, now, tx } = at;
    alert.visitRequired ||= policies.ladder.needed[alert.riskLevel] === 'visit';
    raiseClocks(alert, alert.riskLevel, policies.clocks, now);
    if (alert.acceptDueAt)
      this.store.setAcceptDue(tx, [{ alertId: alert.id, hop: alert.hop, acceptDueAt: alert.acceptDueAt }]);
  }

  private facts(at: CaseAtHand, to: Agency): Record<string, unknown> {
    return {
      agency: to.code,
      hop: at.alert.hop,
      ...(at.alert.acceptDueAt ? { acceptDueAt: at.alert.acceptDueAt.toISOString() } : {}),
    };
  }
}

/**
 * The agency named in a request, which must be of a tier and directly below another.
 * @throws Problem `wrong-target-agency`, the same for an agency that does not exist and one that is not the caller's to use
 */
function target(at: CaseAtHand, code: string, tier: 'county' | 'township', below: Agency): Agency {
  const agency = at.organization.byCode(code);
  if (!agency || agency.tier !== tier || agency.parentId !== below.id || !agency.active) {
    throw wrongTarget.with(
      `No active ${tier} of that code lies under ${below.name}. GET /agencies?parent=${below.code} lists them.`,
      {
        errors: [{ pointer: '/agency', message: `is not an active ${tier} under ${below.code}` }],
      },
    );
  }
  return agency;
}
