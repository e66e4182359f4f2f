import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { FileOperation } from '../platform/http/file.order.js';
import { invalid } from '../platform/http/problem.js';
import { RateAnswer } from '../report/figures.dto.js';
import { amountTooLarge } from '../report/report.problems.js';
import { DefinitionAnswer } from '../report/tier-report.dto.js';
import { RankingAnswer, RankingQuery, ScoredIndicatorAnswer } from './ranking.dto.js';
import { RANKING_EXAMPLE } from './ranking.example.js';
import { RankingService } from './ranking.service.js';

@ApiTags('Rankings 排名')
@ApiExtraModels(ScoredIndicatorAnswer, RateAnswer, DefinitionAnswer)
@Controller('reports/rankings')
export class RankingController {
  constructor(private readonly rankings: RankingService) {}

  @Get()
  @FileOperation({
    id: 'getRanking',
    summary: 'Score and rank of the units below an agency in a month, with what each indicator gave',
    answer: RankingAnswer,
    example: RANKING_EXAMPLE,
    what: 'The ranking',
    errors: [invalid, amountTooLarge],
  })
  ranking(@CurrentCaller() caller: Caller, @Query() query: RankingQuery): Promise<RankingAnswer | StreamableFile> {
    return this.rankings.answer(caller, query);
  }
}
