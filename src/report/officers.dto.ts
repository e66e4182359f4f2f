import { ApiProperty } from '@nestjs/swagger';
import { AgencyReportAnswer } from './agency-report.dto.js';
import { AttemptCountsAnswer, RateAnswer } from './figures.dto.js';

export const PERSON_KINDS = ['user', 'key', 'system'] as const;
export type PersonKind = (typeof PERSON_KINDS)[number];

export class OfficerAnswer {
  @ApiProperty({
    enum: PERSON_KINDS,
    description: 'key: a program that works with an API key; system: the product itself.',
  })
  kind!: PersonKind;
  @ApiProperty({
    format: 'uuid',
    nullable: true,
    type: String,
    description: 'Id of the user or API key; null for the system.',
  })
  id!: string | null;
  @ApiProperty({ description: 'Display name of a user, name of an API key.', example: '李建国' })
  name!: string;
  @ApiProperty({
    description: 'Still works for the agency: a user of it who is not disabled, a key of it not revoked.',
  })
  here!: boolean;
}

export class OfficerFigures {
  @ApiProperty()
  accepted!: number;
  @ApiProperty({ type: RateAnswer })
  acceptOnTimeRate!: RateAnswer;
  @ApiProperty({ type: AttemptCountsAnswer })
  attempts!: AttemptCountsAnswer;
  @ApiProperty()
  submitted!: number;
  @ApiProperty()
  approved!: number;
  @ApiProperty()
  rejected!: number;
  @ApiProperty({ type: RateAnswer })
  feedbackOnTimeRate!: RateAnswer;
  @ApiProperty()
  followUpsDone!: number;
}

export class OfficerRow extends OfficerFigures {
  @ApiProperty({ type: OfficerAnswer })
  officer!: OfficerAnswer;
}

export class OfficersAnswer extends AgencyReportAnswer {
  @ApiProperty({
    type: [OfficerRow],
    description: 'Every officer and supervisor of the agency itself, and whoever else worked for it in the period.',
  })
  rows!: OfficerRow[];
  @ApiProperty({ type: OfficerFigures })
  total!: OfficerFigures;
}
