import {
  ApiExtraModels,
  ApiProperty,
  ApiPropertyOptional,
  getSchemaPath,
  type ApiPropertyOptions,
} from '@nestjs/swagger';
import { IsIn, IsObject, IsString, ValidateIf } from 'class-validator';
import {
  ALERT_RESULTS,
  POLICY_KINDS,
  STEPS,
  type AlertResult,
  type Policies,
  type PolicyKind,
  type Step,
} from './policy.js';
import {
  FUND_RANGES,
  MAX_CALL_ATTEMPTS,
  MAX_CLOCK_MINUTES,
  MAX_RETURNS,
  MAX_SMS_TEXT,
  MAX_WATCH_DAYS,
  MIN_SMS_TEXT,
} from './policy.rules.js';
import { CardRulesDocument, RankingDocument } from './ranking-policy.dto.js';
import { RISK_LEVELS, type RiskLevel } from './risk.js';

const minutes = { type: 'integer', minimum: 1, maximum: MAX_CLOCK_MINUTES } as const;

export class PolicyPath {
  @ApiProperty({ enum: POLICY_KINDS, enumName: 'PolicyKind' })
  @IsIn(POLICY_KINDS)
  kind!: PolicyKind;
}

export class LevelClocksDocument {
  @ApiProperty({ ...minutes, description: 'Minutes from each hop until it is signed for.' })
  acceptMinutes!: number;
  @ApiProperty({
    ...minutes,
    nullable: true,
    description: 'Minutes from the first push until the first call; null: no such clock.',
  })
  callMinutes!: number | null;
  @ApiProperty({
    ...minutes,
    nullable: true,
    description: 'Minutes from the first push until the first visit; null: no such clock.',
  })
  visitMinutes!: number | null;
  @ApiProperty({ ...minutes, description: 'Minutes from the first push until the outcome.' })
  feedbackMinutes!: number;
}

export class ClocksDocument {
  @ApiProperty({ type: LevelClocksDocument })
  low!: LevelClocksDocument;
  @ApiProperty({ type: LevelClocksDocument })
  medium!: LevelClocksDocument;
  @ApiProperty({ type: LevelClocksDocument })
  high!: LevelClocksDocument;
  @ApiProperty({ type: LevelClocksDocument })
  urgent!: LevelClocksDocument;
}

export class NeededStepsDocument {
  @ApiProperty({ enum: STEPS, enumName: 'Step' })
  low!: Step;
  @ApiProperty({ enum: STEPS, enumName: 'Step' })
  medium!: Step;
  @ApiProperty({ enum: STEPS, enumName: 'Step' })
  high!: Step;
  @ApiProperty({ enum: STEPS, enumName: 'Step' })
  urgent!: Step;
}

export class LadderDocument {
  @ApiProperty({ type: NeededStepsDocument, description: 'The step that is at least needed before an outcome.' })
  needed!: NeededStepsDocument;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MAX_CALL_ATTEMPTS,
    description: 'Call attempts before unreachable or refused.',
  })
  minCallAttempts!: number;
}

export class ReviewDocument {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "A county's own outcome is reviewed by the city from this much intercepted money on.",
  })
  interceptedFen!: number;
  @ApiProperty({
    enum: ALERT_RESULTS,
    enumName: 'AlertResult',
    isArray: true,
    description: 'Results that are always reviewed.',
  })
  results!: AlertResult[];
  @ApiProperty({
    enum: RISK_LEVELS,
    enumName: 'RiskLevel',
    isArray: true,
    description: 'Levels on which unreachable is reviewed.',
  })
  unreachableLevels!: RiskLevel[];
  @ApiProperty({
    enum: RISK_LEVELS,
    enumName: 'RiskLevel',
    isArray: true,
    description: 'Levels on which refused is reviewed.',
  })
  refusedLevels!: RiskLevel[];
}

export class RoutingDocument {
  @ApiProperty({ description: 'A new alert is assigned at once to the county that covers its division.' })
  autoPush!: boolean;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MAX_WATCH_DAYS,
    description: 'Days that a person is watched after closing.',
  })
  watchDays!: number;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: MAX_RETURNS,
    description: 'Returns of an alert before the city decides.',
  })
  maxReturns!: number;
}

export class MessagesDocument {
  @ApiProperty({
    enum: RISK_LEVELS,
    enumName: 'RiskLevel',
    isArray: true,
    description: 'Levels at which the first SMS to the warned person is sent by the system; empty: never.',
  })
  autoSmsLevels!: RiskLevel[];
  @ApiProperty({
    minLength: MIN_SMS_TEXT,
    maxLength: MAX_SMS_TEXT,
    description: 'Its text, the same for everybody: {{caseNo}} and {{agency}} are filled in. Never personal data.',
  })
  smsText!: string;
}

const fundRange = (name: keyof typeof FUND_RANGES, description: string): ApiPropertyOptions => {
  const [minimum, maximum] = FUND_RANGES[name];
  return { type: 'integer', minimum, maximum, description };
};

export class FundsDocument {
  @ApiProperty(
    fundRange(
      'stopRequestMinutes',
      'Minutes from the report of an incident until its first stop-payment is asked for.',
    ),
  )
  stopRequestMinutes!: number;
  @ApiProperty(fundRange('stopHours', 'Hours that a stop-payment holds.'))
  stopHours!: number;
  @ApiProperty(fundRange('protectionHours', "Hours that a potential victim's own account is protected."))
  protectionHours!: number;
  @ApiProperty(fundRange('protectionExtendedHours', 'Hours of protection in all, extended once.'))
  protectionExtendedHours!: number;
  @ApiProperty(
    fundRange(
      'ownerRequestMinutes',
      'Minutes until the owner of a protected account, who asks for its release, is answered.',
    ),
  )
  ownerRequestMinutes!: number;
  @ApiProperty(fundRange('freezeMonths', 'Longest freeze and longest renewal, calendar months.'))
  freezeMonths!: number;
  @ApiProperty(fundRange('freezeMonthsByCity', "The same with the city's approval."))
  freezeMonthsByCity!: number;
  @ApiProperty(fundRange('cityFreezeFen', "A freeze of more than this on one account needs the city's approval."))
  cityFreezeFen!: number;
  @ApiProperty(fundRange('renewalAlarmDays', 'Days before its end at which the renewal of a freeze is called for.'))
  renewalAlarmDays!: number;
  @ApiProperty(fundRange('releaseDays', 'Days in which a freeze shown to be unrelated is released.'))
  releaseDays!: number;
  @ApiProperty(fundRange('noticeDays', 'Days of public notice before a pro-rata return is paid.'))
  noticeDays!: number;
  @ApiProperty(fundRange('paymentWorkingDays', 'Working days in which the bank pays.'))
  paymentWorkingDays!: number;
  @ApiProperty({ description: 'Pro-rata shares are of what identified victims paid in, not of all inflow.' })
  identifiedInflowOnly!: boolean;
}

/** The document's shape goes with the kind in the path. */
export const documentSchema = {
  description: 'The whole document of this kind.',
  oneOf: [
    ClocksDocument,
    LadderDocument,
    ReviewDocument,
    RoutingDocument,
    MessagesDocument,
    FundsDocument,
    RankingDocument,
  ].map((model) => ({
    $ref: getSchemaPath(model),
  })),
};

@ApiExtraModels(
  ClocksDocument,
  LadderDocument,
  ReviewDocument,
  RoutingDocument,
  MessagesDocument,
  FundsDocument,
  RankingDocument,
  CardRulesDocument,
)
export class PutPolicyBody {
  @ApiPropertyOptional({
    description:
      'From when it holds, a moment or a local date (from the start of that day; today: at once): not in the past, at most a year ahead. Default: at once.',
    format: 'date-time',
    example: '2023-07-01T00:00:00+08:00',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  effectiveFrom?: string;

  @ApiProperty(documentSchema)
  @IsObject()
  document!: object;
}

export class PolicyVersionAnswer {
  @ApiProperty(documentSchema)
  document!: Policies[PolicyKind];
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: "null: the product's default." })
  effectiveFrom!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'uuid',
    description: 'The user who set it; null: it came with the seed.',
  })
  setBy!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  setAt!: string | null;
}

export class PolicyAnswer extends PolicyVersionAnswer {
  @ApiProperty({ enum: POLICY_KINDS, enumName: 'PolicyKind' })
  kind!: PolicyKind;
  @ApiProperty({ type: [PolicyVersionAnswer], description: 'Versions that are to hold later, the soonest first.' })
  scheduled!: PolicyVersionAnswer[];
}
