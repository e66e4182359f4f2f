import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { BalanceAnswer, BalanceQuery, EntryPage, ListEntriesQuery, type EntryAnswer } from './ledger.dto.js';
import { LedgerService } from './ledger.service.js';

const ENTRY_EXAMPLE: EntryAnswer = {
  id: '018884a2-4c00-7d00-9c00-5b6a7c8d9e10',
  kind: 'frozen',
  amountFen: 8_654_321,
  at: '2023-06-01T11:05:00.000+08:00',
  account: '6222 **** **** 0123',
  case: { kind: 'incident', id: '018884a1-0c00-7d00-9c00-5b6a7c8d9e11', no: '4113-20230601-000123' },
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  origin: { kind: 'freeze', id: '018884a2-0c00-7d00-9c00-5b6a7c8d9e12' },
  basis: null,
  by: '018884a0-0c00-7d00-9c00-5b6a7c8d9e13',
  reverses: null,
  reversedBy: null,
  recordedAt: '2023-06-01T11:06:12.000+08:00',
};

@ApiTags('Ledger 资金台账')
@Controller('ledger')
export class LedgerController {
  constructor(private readonly ledger: LedgerService) {}

  @Get()
  @Operation({
    id: 'listLedger',
    summary: 'List the movements of money in the cases that you may see, the last recorded first',
    answer: EntryPage,
    example: { items: [ENTRY_EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ListEntriesQuery): Promise<Page<EntryAnswer>> {
    return this.ledger.list(caller, query);
  }

  @Get('balance')
  @Operation({
    id: 'getBalance',
    summary: 'What is stopped and frozen on an account now, as the sum of its entries in the cases that you may see',
    answer: BalanceAnswer,
    example: {
      account: '6222 **** **** 0123',
      stoppedFen: 0,
      frozenFen: 8_654_321,
      returnedFen: 0,
      entries: 3,
      asOf: '2023-06-02T09:00:00.000+08:00',
    },
    errors: [invalid],
  })
  balance(@CurrentCaller() caller: Caller, @Query() { account }: BalanceQuery): Promise<BalanceAnswer> {
    return this.ledger.balance(caller, account);
  }
}
