import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { RateAnswer } from '../report/figures.dto.js';
import {
  CARD_ACTIONS,
  CARD_COMMANDS,
  CARD_KINDS,
  CARD_STATUSES,
  GROUND_RULES,
  type CardAction,
  type CardCommand,
  type CardKind,
  type CardStatus,
  type GroundRule,
} from './card.js';
import { MONTH } from './month.rules.js';
import { RankedTierQuery } from './ranking.dto.js';
import { RANKED_TIERS, type RankedTier } from './ranking.js';

const month = { description: 'A month of the local calendar.', example: '2023-06', pattern: MONTH.source };

export class ProposeQuery extends RankedTierQuery {}

class CardFilterQuery {
  @ApiPropertyOptional({ enum: CARD_KINDS, enumName: 'CardKind' })
  @IsOptional()
  @IsIn(CARD_KINDS)
  kind?: CardKind;

  @ApiPropertyOptional({ enum: CARD_STATUSES, enumName: 'CardStatus' })
  @IsOptional()
  @IsIn(CARD_STATUSES)
  status?: CardStatus;

  @ApiPropertyOptional(month)
  @IsOptional()
  @Matches(MONTH, { message: 'must be a month such as 2023-06' })
  month?: string;

  @ApiPropertyOptional({ enum: RANKED_TIERS, enumName: 'RankedTier' })
  @IsOptional()
  @IsIn(RANKED_TIERS)
  tier?: RankedTier;

  @ApiPropertyOptional({ description: 'Code of an agency: its cards and those of units below it.', example: '411322' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;
}

export class ListCardsQuery extends IntersectionType(PageQuery, CardFilterQuery) {}

export class CardPath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class CardReasonBody {
  @ApiProperty({ minLength: 1, maxLength: 2000, description: 'Why. Without anything about a person.' })
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  reason!: string;
}

export class CardNoteBody {
  @ApiProperty({
    minLength: 1,
    maxLength: 5000,
    description: 'What was put right, or how that was found to be. Without anything about a person.',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(5000)
  note!: string;
}

export class StandingAnswer {
  @ApiProperty({ description: 'A month or a quarter.', example: '2023-06' })
  period!: string;
  @ApiProperty({ nullable: true, type: 'integer', description: 'null: not ranked.' })
  rank!: number | null;
  @ApiProperty({ type: 'integer', description: 'Units with a rank.' })
  of!: number;
  @ApiProperty({ nullable: true, type: Number })
  score!: number | null;
}

export class GroundAnswer {
  @ApiProperty({ enum: GROUND_RULES, enumName: 'GroundRule' })
  rule!: GroundRule;
  @ApiProperty({ type: [StandingAnswer], description: 'As it was when the card was proposed.' })
  standings!: StandingAnswer[];
  @ApiProperty({ type: RateAnswer, nullable: true, description: 'defraudedAfterRate of the unit.' })
  rate!: RateAnswer | null;
  @ApiProperty({ type: RateAnswer, nullable: true, description: 'The same of the whole city.' })
  cityRate!: RateAnswer | null;
}

export class CardAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ enum: CARD_KINDS, enumName: 'CardKind', description: '通报, 黄牌, 红牌, 约谈, 挂牌整治, 摘牌.' })
  kind!: CardKind;
  @ApiProperty({ example: '黄牌' })
  name!: string;
  @ApiProperty({ type: HolderAnswer, description: 'The unit that it is for.' })
  agency!: HolderAnswer;
  @ApiProperty(month)
  month!: string;
  @ApiProperty({ enum: CARD_STATUSES, enumName: 'CardStatus' })
  status!: CardStatus;
  @ApiProperty({ type: [GroundAnswer], description: 'Why it is proposed.' })
  grounds!: GroundAnswer[];
  @ApiProperty({ type: [String], format: 'uuid', description: 'Earlier cards of the unit that it comes of.' })
  restsOn!: string[];
  @ApiProperty({ format: 'date-time' })
  proposedAt!: string;
  @ApiProperty({ enum: CARD_COMMANDS, isArray: true, description: 'What you may do with it now.' })
  allowed!: CardCommand[];
  @ApiProperty({ type: 'integer', description: 'Goes into If-Match.' })
  version!: number;
}

export class CardEventAnswer {
  @ApiProperty({ enum: CARD_ACTIONS, enumName: 'CardAction' })
  action!: CardAction;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ description: 'Username; `system` where the rules proposed it.', example: 'wang.jing' })
  by!: string;
  @ApiProperty({ type: HolderAnswer, description: 'The agency of whoever acted.' })
  agency!: HolderAnswer;
  @ApiProperty({ description: 'The ground, the reason or the note.' })
  text!: string;
}

export class CardWithHistoryAnswer extends CardAnswer {
  @ApiProperty({ type: [CardEventAnswer], description: 'From the proposal on; never changed.' })
  history!: CardEventAnswer[];
}

export class CardPage extends PageOf(CardAnswer) {}

export class ProposalsAnswer {
  @ApiProperty({ enum: RANKED_TIERS, enumName: 'RankedTier' })
  tier!: RankedTier;
  @ApiProperty(month)
  month!: string;
  @ApiProperty({ type: [CardAnswer], description: 'Proposed now; those proposed before are not repeated.' })
  proposed!: CardAnswer[];
}
