import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation, type OperationOptions } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { amountTooLarge } from '../report/report.problems.js';
import {
  CardNoteBody,
  CardPage,
  CardPath,
  CardReasonBody,
  CardWithHistoryAnswer,
  ListCardsQuery,
  ProposalsAnswer,
  ProposeQuery,
  type CardAnswer,
} from './card.dto.js';
import { CARD_EXAMPLE, CARD_WITH_HISTORY_EXAMPLE } from './card.example.js';
import { CardProposer } from './card.proposer.js';
import { CardService } from './card.service.js';
import { MonthParam } from './ranking.dto.js';
import { cardState, monthNotOver } from './ranking.problems.js';

/** What every command on a card has in common in the API document. */
function cardOperation(id: string, summary: string, body: OperationOptions['body']): MethodDecorator {
  return Operation({
    id,
    summary,
    body,
    answer: CardWithHistoryAnswer,
    example: CARD_WITH_HISTORY_EXAMPLE,
    errors: [cardState],
    ifMatch: true,
    idempotent: true,
  });
}

@ApiTags('Cards 红黄牌')
@Controller()
export class CardController {
  constructor(
    private readonly cards: CardService,
    private readonly proposer: CardProposer,
  ) {}

  @Post('reports/rankings/:month/cards/propose')
  @Operation({
    id: 'proposeCards',
    summary: 'Propose the cards that the rules call for in a month that has ended',
    description: 'Again it proposes what is missing by then, and nothing twice: also not what was dismissed.',
    answer: ProposalsAnswer,
    example: { tier: 'county', month: '2023-06', proposed: [CARD_EXAMPLE] },
    errors: [invalid, monthNotOver, amountTooLarge],
    idempotent: true,
  })
  propose(
    @CurrentCaller() caller: Caller,
    @Param() { month }: MonthParam,
    @Query() { tier }: ProposeQuery,
  ): Promise<ProposalsAnswer> {
    return this.proposer.propose(caller, month, tier);
  }

  @Get('cards')
  @Operation({
    id: 'listCards',
    summary: 'List cards of your agency and the units below it, the last proposed first',
    answer: CardPage,
    example: { items: [CARD_EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListCardsQuery): Promise<Page<CardAnswer>> {
    return this.cards.list(caller, query);
  }

  @Get('cards/:id')
  @Operation({
    id: 'getCard',
    summary: 'Get a card with its history',
    answer: CardWithHistoryAnswer,
    example: CARD_WITH_HISTORY_EXAMPLE,
    errors: [invalid],
  })
  get(@CurrentCaller() caller: Caller, @Param() { id }: CardPath): Promise<CardWithHistoryAnswer> {
    return this.cards.get(caller, id);
  }

  @Post('cards/:id/confirm')
  @cardOperation('confirmCard', 'Confirm a proposed card of a unit below you; what follows from it is proposed', {
    type: CardReasonBody,
    example: { reason: '连续两月排名末位,情况属实。' },
  })
  confirm(
    @CurrentCaller() caller: Caller,
    @Param() { id }: CardPath,
    @Body() { reason }: CardReasonBody,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<CardWithHistoryAnswer> {
    return this.cards.give(caller, id, 'confirm', { pointer: '/reason', text: reason }, ifMatch);
  }

  @Post('cards/:id/dismiss')
  @cardOperation('dismissCard', 'Dismiss a proposed card of a unit below you: it counts for nothing', {
    type: CardReasonBody,
    example: { reason: '当月受灾停电三日,非工作原因。' },
  })
  dismiss(
    @CurrentCaller() caller: Caller,
    @Param() { id }: CardPath,
    @Body() { reason }: CardReasonBody,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<CardWithHistoryAnswer> {
    return this.cards.give(caller, id, 'dismiss', { pointer: '/reason', text: reason }, ifMatch);
  }

  @Post('cards/:id/answer')
  @cardOperation('answerCard', 'Answer a card of your own unit with a note on what was put right (整改)', {
    type: CardNoteBody,
    example: { note: '已增配夜间值班警力,签收超时已清零,附整改台账。' },
  })
  answer(
    @CurrentCaller() caller: Caller,
    @Param() { id }: CardPath,
    @Body() { note }: CardNoteBody,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<CardWithHistoryAnswer> {
    return this.cards.give(caller, id, 'answer', { pointer: '/note', text: note }, ifMatch);
  }

  @Post('cards/:id/close')
  @cardOperation('closeCard', 'Close an answered card of a unit below you', {
    type: CardNoteBody,
    example: { note: '复查合格。' },
  })
  close(
    @CurrentCaller() caller: Caller,
    @Param() { id }: CardPath,
    @Body() { note }: CardNoteBody,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<CardWithHistoryAnswer> {
    return this.cards.give(caller, id, 'close', { pointer: '/note', text: note }, ifMatch);
  }
}
