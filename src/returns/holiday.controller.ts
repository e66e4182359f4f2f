import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { invalid } from '../platform/http/problem.js';
import { HolidayQuery, HolidayYearAnswer } from './holiday.dto.js';
import { HolidayService } from './holiday.service.js';

@ApiTags('Returns 返还')
@Controller('holidays')
export class HolidayController {
  constructor(private readonly holidays: HolidayService) {}

  @Get()
  @Operation({
    id: 'listHolidays',
    summary: 'The public holidays of a year, and the weekends worked instead, that working days are counted by',
    answer: HolidayYearAnswer,
    example: { year: 2026, complete: true, days: [{ day: '2026-02-16', working: false, name: '春节' }] },
    errors: [invalid],
  })
  ofYear(@CurrentCaller() caller: Caller, @Query() { year }: HolidayQuery): Promise<HolidayYearAnswer> {
    return this.holidays.ofYear(caller, year);
  }
}
