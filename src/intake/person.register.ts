import { isOpen, type Alert } from '../alert/alert.js';
import type { AlertOfPerson } from '../alert/alert.view.js';

interface Person {
  phoneIx: Buffer;
  identityIx: Buffer | null;
}

/** Finds the alerts of a person: by phone, else by identity number. */
export class PersonRegister {
  private readonly byPhone = new Map<string, AlertOfPerson[]>();
  private readonly byIdentity = new Map<string, AlertOfPerson[]>();

  constructor(alerts: AlertOfPerson[]) {
    for (const alert of alerts) this.add(alert);
  }

  add(alert: AlertOfPerson | Alert): void {
    push(this.byPhone, alert.phoneIx.toString('latin1'), alert);
    if (alert.identityIx) push(this.byIdentity, alert.identityIx.toString('latin1'), alert);
  }

  /** Id of the open alert that a signal of the person joins; one that was split off only where there is no other. */
  openOf(person: Person): string | undefined {
    return (oldestOpen(this.ofPhone(person)) ?? oldestOpen(this.ofIdentity(person)))?.id;
  }

  /** How many alerts of the person were closed since a moment. */
  endedSince(person: Person, since: Date): number {
    const ended = [...this.ofPhone(person), ...this.ofIdentity(person)].filter(
      ({ status, endedAt }) => status === 'closed' && endedAt !== null && endedAt.getTime() >= since.getTime(),
    );
    return new Set(ended.map(({ id }) => id)).size;
  }

  private ofPhone({ phoneIx }: Person): AlertOfPerson[] {
    return this.byPhone.get(phoneIx.toString('latin1')) ?? [];
  }

  private ofIdentity({ identityIx }: Person): AlertOfPerson[] {
    return identityIx ? (this.byIdentity.get(identityIx.toString('latin1')) ?? []) : [];
  }
}

function push(map: Map<string, AlertOfPerson[]>, key: string, alert: AlertOfPerson): void {
  const known = map.get(key);
  if (known) known.push(alert);
  else map.set(key, [alert]);
}

function oldestOpen(alerts: AlertOfPerson[]): AlertOfPerson | undefined {
  const open = alerts.filter(({ status }) => isOpen(status));
  return open.find(({ split }) => !split) ?? open[0];
}
