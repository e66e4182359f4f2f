import { Inject, Injectable } from '@nestjs/common';
import { holderAnswer } from '../alert/alert.presenter.js';
import { mayCall } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { CONFIG } from '../platform/platform.module.js';
import { CARD_COMMANDS, CARD_ZH, type Card, type CardCommand, type CardEvent } from './card.js';
import type { CardAnswer, CardEventAnswer } from './card.dto.js';
import { CARD_STEPS, mayStep, type Side } from './card.rules.js';

/** On which side of a card a caller stands who sees it. */
export function sideOf(caller: Caller, agencyId: number): Side {
  return caller.agency.id === agencyId ? 'unit' : 'above';
}

export function allowedOn(card: Card, caller: Caller): CardCommand[] {
  const side = sideOf(caller, card.agencyId);
  return CARD_COMMANDS.filter(
    (command) => CARD_STEPS[command].by === side && mayStep(command, card) && mayCall(caller, `${command}Card`),
  );
}

@Injectable()
export class CardPresenter {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  answer(card: Card, caller: Caller, organization: OrganizationSnapshot): CardAnswer {
    const { id, kind, agencyId, month, status, grounds, restsOn, proposedAt, version } = card;
    return {
      id,
      kind,
      name: CARD_ZH[kind],
      agency: holderAnswer(organization.byId(agencyId)),
      month,
      status,
      grounds: grounds.map((ground) => ({ ...ground, standings: [...ground.standings] })),
      restsOn: [...restsOn],
      proposedAt: formatInstant(proposedAt, this.config.timeZone),
      allowed: allowedOn(card, caller),
      version,
    };
  }

  event({ action, at, actorName, agencyId, text }: CardEvent, organization: OrganizationSnapshot): CardEventAnswer {
    return {
      action,
      at: formatInstant(at, this.config.timeZone),
      by: actorName,
      agency: holderAnswer(organization.byId(agencyId)),
      text,
    };
  }
}
