import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { invalid } from '../platform/http/problem.js';
import { RateAnswer } from '../report/figures.dto.js';
import { amountTooLarge } from '../report/report.problems.js';
import { DefinitionAnswer } from '../report/tier-report.dto.js';
import { RankingAnswer, RankingQuery, ScoredIndicatorAnswer } from './ranking.dto.js';
import { RANKING_EXAMPLE } from './ranking.example.js';
import { RankingService } from './ranking.service.js';

@ApiTags('Rankings 排名')
@ApiExtraModels(RankingAnswer, ScoredIndicatorAnswer, RateAnswer, DefinitionAnswer)
@Controller('reports/rankings')
export class RankingController {
  constructor(private readonly rankings: RankingService) {}

  @Get()
  @ApiResponse({
    status: 200,
    description:
      'The ranking; with format=csv a file (UTF-8 with BOM, Chinese headers, the definitions after the rows).',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(RankingAnswer) }, example: RANKING_EXAMPLE },
      'text/csv': { schema: { type: 'string', format: 'binary' } },
    },
  })
  @Operation({
    id: 'getRanking',
    summary: 'Score and rank of the units below an agency in a month, with what each indicator gave',
    errors: [invalid, amountTooLarge],
  })
  ranking(@CurrentCaller() caller: Caller, @Query() query: RankingQuery): Promise<RankingAnswer | StreamableFile> {
    return this.rankings.answer(caller, query);
  }
}
