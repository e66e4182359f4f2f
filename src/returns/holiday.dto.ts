import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

export class HolidayQuery {
  @ApiProperty({ example: 2026, minimum: 1990, maximum: 2100 })
  @Type(() => Number)
  @IsInt()
  @Min(1990)
  @Max(2100)
  year!: number;
}

export class HolidayAnswer {
  @ApiProperty({ format: 'date', example: '2026-02-16' })
  day!: string;
  @ApiProperty({ description: 'true: a weekend that is worked. false: a public holiday.' })
  working!: boolean;
  @ApiProperty({ example: '春节' })
  name!: string;
}

export class HolidayYearAnswer {
  @ApiProperty({ example: 2026 })
  year!: number;
  @ApiProperty({
    description: 'false: nothing is known of the year, and only weekends are left out of its working days.',
  })
  complete!: boolean;
  @ApiProperty({ type: [HolidayAnswer], description: 'Days that differ from the week.' })
  days!: HolidayAnswer[];
}
