import { PLACES, type Place } from './support.js';

/**
 * The life of an alert once more, in memory and in the words of page 1 of the contract: what the program does is
 * compared with it step by step. It shares no code with the program.
 */

export type Risk = 'low' | 'medium' | 'high' | 'urgent';
export type Role = 'officer' | 'supervisor';
export interface Person {
  place: Place;
  role: Role;
}

/** Minutes: accept, first call, face to face, feedback. */
const LIMITS: Record<Risk, [number, number | null, number | null, number]> = {
  low: [480, null, null, 4320],
  medium: [60, 240, null, 1440],
  high: [15, 30, 240, 720],
  urgent: [5, 10, 60, 240],
};
const RISKS: Risk[] = ['low', 'medium', 'high', 'urgent'];
const MINUTE = 60_000;
const WATCH_MS = 30 * 86_400_000;
const PROTECTED_MS = 48 * 3_600_000;

interface ClockState {
  due: number | null;
  met: number | null;
  /** Minutes. */
  limit: number | null;
  /** Climbed: the system has urged. */
  climbed: boolean;
}

const stopped = (): ClockState => ({ due: null, met: null, limit: null, climbed: false });

export interface Case {
  id: string;
  phone: string;
  division: string | undefined;
  status: 'new' | 'assigned' | 'in_progress' | 'pending_review' | 'closed' | 'merged' | 'withdrawn';
  /** Code of the agency; null for a merged signal. */
  holder: string | null;
  heldBy: string[];
  risk: Risk;
  amount: number | null;
  visitRequired: boolean;
  returns: number;
  escalated: boolean;
  urged: boolean;
  into: Case | undefined;
  split: boolean;
  previous: number;
  result: string | null;
  /** What was submitted and waits. */
  waiting: string | null;
  endedAt: number | null;
  defrauded: boolean;
  foundDefrauded: boolean;
  plannedFollowUps: number;
  started: boolean;
  accept: ClockState;
  call: ClockState;
  visit: ClockState;
  feedback: ClockState;
  tried: { sms: number; call: number; visit: number };
  /** Until when each account is protected. */
  protectedUntil: Map<string, number>;
  version: number;
}

export interface Verdict {
  status: number;
  code?: string;
}

const OK: Verdict = { status: 200 };
const CREATED: Verdict = { status: 201 };
const refuse = (status: number, code: string): Verdict => ({ status, code });

const CITY = PLACES.city;
const COUNTIES: string[] = [PLACES.county, PLACES.county2];
const TOWNSHIPS: string[] = [PLACES.township, PLACES.township2, PLACES.township3];
const tierOf = (code: string): 'city' | 'county' | 'township' =>
  code.length === 4 ? 'city' : code.length === 6 ? 'county' : 'township';
const isOpen = ({ status }: Case): boolean => ['new', 'assigned', 'in_progress', 'pending_review'].includes(status);
const below = (code: string, above: string): boolean => code !== above && code.startsWith(above);

/** Who may give a command at all: role and tier. */
const GIVEN_BY: Record<string, (role: Role, tier: string) => boolean> = {
  push: (role, tier) => role === 'officer' && tier === 'city',
  withdraw: (role, tier) => role === 'officer' && tier === 'city',
  transfer: (role, tier) => role === 'officer' && tier !== 'township',
  recall: (role, tier) => role === 'officer' && tier !== 'township',
  forward: (role, tier) => role === 'officer' && tier === 'county',
  accept: (role) => role === 'officer',
  return: (role) => role === 'officer',
  attempts: (role) => role === 'officer',
  outcome: (role) => role === 'officer',
  reply: (role) => role === 'officer',
  unmerge: (role) => role === 'officer',
  'follow-ups': (role) => role === 'officer',
  protections: (role) => role === 'officer',
  review: (role, tier) => role === 'supervisor' && tier !== 'township',
  reopen: (role, tier) => role === 'supervisor' && tier !== 'township',
  urge: (role, tier) => role === 'supervisor' && tier !== 'township',
  escalate: () => true,
  reveal: () => true,
};
export const COMMANDS = Object.keys(GIVEN_BY);

/** From which state, and who by where the agency stands. `at` is where the case is: its holder, or that of what it joined. */
function stateAllows(command: string, it: Case, own: string, at: string): boolean {
  const working = it.status === 'assigned' || it.status === 'in_progress';
  switch (command) {
    case 'push':
      return it.status === 'new';
    case 'accept':
      return it.status === 'assigned';
    case 'forward':
      return it.status === 'in_progress' && tierOf(at) === 'county';
    case 'return':
      return working;
    case 'recall':
      return working && own !== at;
    case 'transfer':
      return isOpen(it) && (own === CITY || own !== at);
    case 'attempts':
    case 'protections':
      return it.status === 'in_progress' || it.status === 'pending_review';
    case 'outcome':
      return it.status === 'in_progress';
    case 'review':
      return it.status === 'pending_review';
    case 'reopen':
    case 'follow-ups':
      return it.status === 'closed';
    case 'escalate':
      return isOpen(it) && it.risk !== 'urgent';
    case 'urge':
    case 'withdraw':
      return isOpen(it);
    case 'reply':
      return isOpen(it) && it.urged;
    case 'unmerge':
      return it.status === 'merged';
    default:
      return it.status !== 'withdrawn';
  }
}

function placeAllows(command: string, own: string, at: string): boolean {
  const holds = own === at;
  const above = below(at, own);
  const directly = above && tierOf(at) === (tierOf(own) === 'city' ? 'county' : 'township');
  switch (command) {
    case 'push':
    case 'withdraw':
      return own === CITY;
    case 'transfer':
      return own === CITY || (tierOf(own) === 'county' && directly);
    case 'recall':
    case 'reopen':
    case 'urge':
      return above;
    case 'review':
      return directly;
    case 'escalate':
    case 'unmerge':
    case 'follow-ups':
      return holds || above;
    default:
      return holds;
  }
}

export class Model {
  readonly cases: Case[] = [];
  now = 0;

  sees({ place }: Person, it: Case): boolean {
    const own = PLACES[place];
    const seen = it.into ?? it;
    return own === CITY || seen.heldBy.some((code) => code === own || below(code, own));
  }

  allowed(person: Person, it: Case): string[] {
    const own = PLACES[person.place];
    const at = (it.into ?? it).holder!;
    return COMMANDS.filter(
      (command) =>
        GIVEN_BY[command]!(person.role, tierOf(own)) &&
        stateAllows(command, it, own, at) &&
        placeAllows(command, own, at) &&
        (command !== 'return' || it.returns < 2),
    );
  }

  isOpen(it: Case): boolean {
    return isOpen(it);
  }

  nextDue(it: Case): number | null {
    if (!isOpen(it)) return null;
    const unmet = [it.accept, it.call, it.visit, it.feedback].map(({ due, met }) => (met === null ? due : null));
    const due = unmet.filter((moment): moment is number => moment !== null);
    return due.length > 0 ? Math.min(...due) : null;
  }

  /** A signal comes in. @returns the case made of it */
  intake(id: string, phone: string, division: string | undefined, risk: Risk, amount: number | null): Case {
    const known = this.cases.filter((each) => each.phone === phone);
    const open = known.filter(isOpen);
    const target = open.find(({ split }) => !split) ?? open[0];
    const it: Case = {
      id,
      phone,
      division,
      status: target ? 'merged' : 'new',
      holder: target ? null : CITY,
      heldBy: [],
      risk,
      amount,
      visitRequired: risk === 'high' || risk === 'urgent',
      returns: 0,
      escalated: false,
      urged: false,
      into: target,
      split: false,
      previous: target
        ? 0
        : known.filter(({ status, endedAt }) => status === 'closed' && endedAt! >= this.now - WATCH_MS).length,
      result: null,
      waiting: null,
      endedAt: null,
      defrauded: false,
      foundDefrauded: false,
      plannedFollowUps: 0,
      started: false,
      accept: stopped(),
      call: stopped(),
      visit: stopped(),
      feedback: stopped(),
      tried: { sms: 0, call: 0, visit: 0 },
      protectedUntil: new Map(),
      version: 1,
    };
    this.cases.push(it);
    if (target) {
      this.tell(target);
      if (amount !== null) target.amount = Math.max(target.amount ?? 0, amount);
      if (RISKS.indexOf(risk) > RISKS.indexOf(target.risk)) this.raise(target, risk);
      target.version += 1;
    } else {
      this.route(it);
    }
    return it;
  }

  /** What a command must be answered with; where it is taken, the case is changed. */
  give(person: Person, it: Case, command: string, body: Record<string, unknown>, ifMatch?: number): Verdict {
    const own = PLACES[person.place];
    const at = (it.into ?? it).holder!;
    if (!GIVEN_BY[command]!(person.role, tierOf(own))) return refuse(403, 'forbidden');
    if (!this.sees(person, it)) return refuse(404, 'not-found');
    if (ifMatch !== undefined && ifMatch !== it.version) return refuse(412, 'stale-version');
    if (!stateAllows(command, it, own, at)) return refuse(409, 'illegal-transition');
    if (!placeAllows(command, own, at)) {
      const late = it.heldBy.includes(own) && own !== at && command !== 'reveal';
      return late ? refuse(409, 'illegal-transition') : refuse(403, 'not-the-holder');
    }
    const before = structuredClone({ urged: it.urged, clocks: clocksOf(it) });
    if (command !== 'reveal') this.tell(it);
    const verdict = this.carryOut(it, own, command, body);
    if (verdict.status > 201) {
      it.urged = before.urged;
      clocksOf(it).forEach((clock, index) => Object.assign(clock, before.clocks[index]));
    } else if (command !== 'reveal') it.version += 1;
    return verdict;
  }

  /** A clock that has gone half as long again over its limit makes the system urge, before anything else happens. */
  private tell(it: Case): void {
    if (!isOpen(it)) return;
    for (const clock of clocksOf(it)) {
      const { due, met, limit, climbed } = clock;
      if (due === null || met !== null || climbed || due + (limit! * MINUTE) / 2 >= this.now) continue;
      clock.climbed = true;
      it.urged = true;
    }
  }

  private carryOut(it: Case, own: string, command: string, body: Record<string, unknown>): Verdict {
    switch (command) {
      case 'push':
        if (!COUNTIES.includes(body['agency'] as string)) return refuse(422, 'wrong-target-agency');
        this.assign(it, body['agency'] as string);
        return OK;
      case 'accept':
        it.status = 'in_progress';
        it.accept = stopped();
        return OK;
      case 'forward':
        if (!this.isTownshipOf(body['agency'], own)) return refuse(422, 'wrong-target-agency');
        this.assign(it, body['agency'] as string);
        return OK;
      case 'return':
        if (it.returns >= 2) return refuse(409, 'too-many-returns');
        it.returns += 1;
        if (tierOf(own) === 'township') this.assign(it, own.slice(0, 6));
        else this.layDown(it);
        return OK;
      case 'transfer': {
        const to = body['agency'] as string;
        if (own === CITY ? !COUNTIES.includes(to) : !this.isTownshipOf(to, own))
          return refuse(422, 'wrong-target-agency');
        if (to === it.holder) return refuse(409, 'already-there');
        it.waiting = null;
        this.assign(it, to);
        return OK;
      }
      case 'recall':
        if (own === CITY) this.layDown(it);
        else this.take(it, own);
        return OK;
      case 'attempts':
        this.attempt(it, body);
        return CREATED;
      case 'outcome':
        return this.submit(it, own, body);
      case 'review':
        if (body['decision'] === 'approve') this.close(it, it.waiting!);
        else it.status = 'in_progress';
        it.waiting = null;
        return OK;
      case 'reopen':
        return this.reopen(it);
      case 'escalate':
        if (RISKS.indexOf(body['riskLevel'] as Risk) <= RISKS.indexOf(it.risk)) return refuse(422, 'risk-not-higher');
        this.raise(it, body['riskLevel'] as Risk);
        it.escalated = true;
        return OK;
      case 'urge':
        it.urged = true;
        return OK;
      case 'reply':
        it.urged = false;
        return OK;
      case 'withdraw':
        it.waiting = null;
        this.end(it, 'withdrawn');
        return OK;
      case 'unmerge':
        it.into!.version += 1;
        it.into = undefined;
        it.split = true;
        it.status = 'new';
        it.holder = CITY;
        this.route(it);
        return OK;
      case 'follow-ups':
        it.plannedFollowUps = Math.max(0, it.plannedFollowUps - 1);
        if (body['result'] === 'defrauded') it.defrauded = it.foundDefrauded = true;
        return CREATED;
      case 'protections': {
        const account = body['account'] as string;
        if ((it.protectedUntil.get(account) ?? 0) > this.now) return refuse(409, 'already-protected');
        it.protectedUntil.set(account, this.now + PROTECTED_MS);
        return CREATED;
      }
      default:
        return OK;
    }
  }

  private isTownshipOf(code: unknown, county: string): boolean {
    return TOWNSHIPS.includes(code as string) && below(code as string, county);
  }

  private route(it: Case): void {
    const county = COUNTIES.find((code) => it.division?.startsWith(code));
    if (county) this.assign(it, county);
  }

  private take(it: Case, code: string): void {
    it.status = 'in_progress';
    it.holder = code;
    it.accept = stopped();
    if (!it.heldBy.includes(code)) it.heldBy.push(code);
  }

  private assign(it: Case, code: string): void {
    this.take(it, code);
    it.status = 'assigned';
    const [accept, call, visit, feedback] = LIMITS[it.risk];
    this.begin(it.accept, accept);
    if (it.started) return;
    it.started = true;
    this.begin(it.call, call);
    this.begin(it.visit, visit);
    this.begin(it.feedback, feedback);
  }

  private begin(clock: ClockState, limit: number | null): void {
    clock.limit = limit;
    clock.due = limit === null ? null : this.now + limit * MINUTE;
  }

  private layDown(it: Case): void {
    it.status = 'new';
    it.holder = CITY;
    it.accept = stopped();
  }

  private raise(it: Case, risk: Risk): void {
    it.risk = risk;
    if (risk === 'high' || risk === 'urgent') it.visitRequired = true;
    const hasten = (clock: ClockState, limit: number | null): void => {
      if (limit !== null && (clock.due === null || clock.due > this.now + limit * MINUTE)) this.begin(clock, limit);
    };
    const [accept, call, visit, feedback] = LIMITS[risk];
    if (it.accept.due !== null) hasten(it.accept, accept);
    if (!it.started) return;
    if (it.call.met === null) hasten(it.call, call);
    if (it.visit.met === null) hasten(it.visit, visit);
    if (it.feedback.met === null) hasten(it.feedback, feedback);
  }

  private attempt(it: Case, body: Record<string, unknown>): void {
    const method = body['method'] as 'sms' | 'call' | 'visit';
    const at = Date.parse(body['at'] as string);
    it.tried[method] += 1;
    const meet = (clock: ClockState): void => {
      clock.met = clock.met === null ? at : Math.min(clock.met, at);
    };
    if (method === 'call') meet(it.call);
    if (method === 'visit' && body['reached'] === true) meet(it.visit);
  }

  private submit(it: Case, own: string, body: Record<string, unknown>): Verdict {
    const result = body['result'] as string;
    const [intercepted, loss] = [body['interceptedFen'] as number, body['lossFen'] as number];
    const lost = ['partial-loss', 'already-defrauded', 'defrauded-after-warning'].includes(result);
    const saved = lost || result === 'dissuaded';
    if (
      lost !== loss > 0 ||
      (!saved && intercepted > 0) ||
      intercepted > 0 !== (body['interceptedBasis'] !== undefined)
    ) {
      return refuse(422, 'money-does-not-fit');
    }
    if (result === 'refused' && !it.escalated && it.risk !== 'urgent') return refuse(409, 'must-escalate-first');
    if (this.stepMissing(it, result)) return refuse(409, 'ladder-incomplete');
    it.feedback.met ??= this.now;
    const pressing = it.risk === 'high' || it.risk === 'urgent';
    const review =
      tierOf(own) === 'township' ||
      intercepted >= 5_000_000 ||
      lost ||
      (pressing && (result === 'unreachable' || result === 'refused'));
    if (review) {
      it.status = 'pending_review';
      it.waiting = result;
    } else {
      this.close(it, result);
    }
    return OK;
  }

  private stepMissing({ tried, risk, visitRequired }: Case, result: string): boolean {
    if (['false-alarm', 'already-defrauded', 'defrauded-after-warning'].includes(result)) return false;
    const needed = visitRequired
      ? tried.visit
      : risk === 'medium'
        ? tried.call + tried.visit
        : tried.sms + tried.call + tried.visit;
    if (needed === 0) return true;
    if (result !== 'unreachable' && result !== 'refused') return false;
    return tried.call < 3 || ((risk === 'high' || risk === 'urgent') && tried.visit === 0);
  }

  private close(it: Case, result: string): void {
    this.end(it, 'closed');
    it.result = result;
    const plan: Record<Risk, number> = { urgent: 3, high: 2, medium: 1, low: 0 };
    if (['dissuaded', 'partial-loss', 'refused'].includes(result)) it.plannedFollowUps = plan[it.risk];
    if (result === 'defrauded-after-warning') it.defrauded = true;
  }

  private end(it: Case, status: 'closed' | 'withdrawn'): void {
    it.status = status;
    it.urged = false;
    it.endedAt = this.now;
    it.accept = stopped();
    // What has not run out by now stops; what has stays late.
    for (const clock of [it.call, it.visit, it.feedback]) {
      if (clock.met !== null || clock.due === null) continue;
      if (clock.due > this.now) clock.due = null;
      else clock.climbed = true;
    }
  }

  private reopen(it: Case): Verdict {
    const other = this.cases.some((each) => each !== it && each.phone === it.phone && isOpen(each) && !each.split);
    if (other && !it.split) return refuse(409, 'open-alert-exists');
    if (it.result === 'defrauded-after-warning') it.defrauded = it.foundDefrauded;
    it.result = null;
    it.endedAt = null;
    it.plannedFollowUps = 0;
    this.take(it, it.holder!);
    return OK;
  }
}

function clocksOf({ accept, call, visit, feedback }: Case): ClockState[] {
  return [accept, call, visit, feedback];
}
