import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { STOP_EXAMPLE } from './stop.example.js';
import { TraceAnswer } from './trace.dto.js';
import { TraceReader } from './trace.reader.js';

const SUMS = { transferFen: 5_000_000, stoppedFen: 4_812_300, frozenFen: 0, returnedFen: 0, heldFen: 4_812_300 };

@ApiTags('Stop-payments 紧急止付')
@Controller('incidents/:id/trace')
export class TraceController {
  constructor(private readonly reader: TraceReader) {}

  @Get()
  @Operation({
    id: 'getTrace',
    summary: '资金追踪 Where the money of an incident went: a tree of accounts with what is held of it',
    answer: TraceAnswer,
    example: {
      incidentId: STOP_EXAMPLE.incidentId,
      incidentNo: STOP_EXAMPLE.incidentNo,
      lossFen: 5_000_000,
      transfers: [
        {
          no: 1,
          at: STOP_EXAMPLE.transferAt,
          amountFen: 5_000_000,
          toAccount: STOP_EXAMPLE.account,
          toBank: STOP_EXAMPLE.bank,
          toName: STOP_EXAMPLE.holderName,
          placed: true,
        },
      ],
      accounts: [
        {
          account: STOP_EXAMPLE.account,
          bank: STOP_EXAMPLE.bank,
          holderName: STOP_EXAMPLE.holderName,
          level: 1,
          status: 'effective',
          ...SUMS,
          stops: [
            {
              id: STOP_EXAMPLE.id,
              ordinal: 1,
              status: 'effective',
              transferFen: 5_000_000,
              transferAt: STOP_EXAMPLE.transferAt,
              stoppedFen: 4_812_300,
              expiresAt: STOP_EXAMPLE.expiresAt,
            },
          ],
          freezes: [],
          children: [],
        },
      ],
      levels: [{ level: 1, accounts: 1, ...SUMS }],
      totals: { ...SUMS, unplacedFen: 0 },
    },
  })
  trace(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<TraceAnswer> {
    return this.reader.trace(caller, id);
  }
}
