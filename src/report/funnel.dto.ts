import { ApiProperty } from '@nestjs/swagger';
import { TIERS, type Tier } from '../organization/agency.js';
import { AgencyReportAnswer } from './agency-report.dto.js';
import { RateAnswer } from './figures.dto.js';
import { FUNNEL_STEPS, type FunnelStep } from './funnel.rules.js';
import { RowAgencyAnswer } from './tier-report.dto.js';

export class FunnelStepAnswer {
  @ApiProperty({ enum: FUNNEL_STEPS })
  step!: FunnelStep;
  @ApiProperty({ description: 'How many took this step; what the tier report counts by that name.' })
  count!: number;
  @ApiProperty({
    nullable: true,
    type: RateAnswer,
    description: 'Of those of the step before: those that took this one, too. null for the first step.',
  })
  shareOfBefore!: RateAnswer | null;
  @ApiProperty({
    nullable: true,
    type: RateAnswer,
    description: 'Of those of the step before: those that did not take this one. null for the first step.',
  })
  dropOff!: RateAnswer | null;
}

export class FunnelRow {
  @ApiProperty({ type: RowAgencyAnswer })
  agency!: RowAgencyAnswer;
  @ApiProperty({ type: [FunnelStepAnswer] })
  steps!: FunnelStepAnswer[];
}

export class FunnelBelowAnswer {
  @ApiProperty({ enum: TIERS })
  tier!: Tier;
  @ApiProperty({ type: [FunnelRow], description: 'Every agency of that tier below, over its own cohort.' })
  rows!: FunnelRow[];
}

export class FunnelAnswer extends AgencyReportAnswer {
  @ApiProperty({ type: [FunnelStepAnswer] })
  steps!: FunnelStepAnswer[];
  @ApiProperty({ type: FunnelBelowAnswer, nullable: true, description: 'null for a township: nothing lies below it.' })
  below!: FunnelBelowAnswer | null;
}
