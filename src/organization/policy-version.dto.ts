import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../platform/http/page.js';
import { documentSchema } from './policy.dto.js';
import type { Policies, PolicyKind } from './policy.js';
import { VERSION_STATES, type VersionState } from './policy-version.rules.js';

const ACTOR_KINDS = ['user', 'key', 'seed'] as const;

export class PolicyActorAnswer {
  @ApiProperty({ enum: ACTOR_KINDS, description: '`seed`: it came with the city.' })
  kind!: (typeof ACTOR_KINDS)[number];
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'User or API key; null for the seed.' })
  id!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'li.jing', description: 'Username, or name of the key.' })
  name!: string | null;
}

const value = {
  nullable: true,
  oneOf: [
    { type: 'integer' },
    { type: 'boolean' },
    { type: 'string' },
    { type: 'array', items: { type: 'string' } },
    { type: 'object', additionalProperties: true },
  ],
};

export class PolicyChangeAnswer {
  @ApiProperty({ description: 'JSON pointer within the document.', example: '/urgent/callMinutes' })
  path!: string;
  @ApiProperty({ ...value, description: 'null: none, or not there.', example: 10 })
  before!: unknown;
  @ApiProperty({ ...value, description: 'null: none, or not there.', example: 8 })
  after!: unknown;
}

export class PolicyHistoryAnswer {
  @ApiProperty({ enum: VERSION_STATES, enumName: 'PolicyVersionState' })
  state!: VersionState;
  @ApiProperty({ format: 'date-time' })
  effectiveFrom!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When the next version begins, or began; null: none is set.',
  })
  effectiveUntil!: string | null;
  @ApiProperty({ format: 'date-time' })
  setAt!: string;
  @ApiProperty({ type: PolicyActorAnswer, description: 'Who set it.' })
  actor!: PolicyActorAnswer;
  @ApiProperty(documentSchema)
  document!: Policies[PolicyKind];
  @ApiProperty({
    type: [PolicyChangeAnswer],
    description:
      "Against the version before it; of the first that was set against the product's default. Lists are sets: their order changes nothing.",
  })
  changes!: PolicyChangeAnswer[];
}

export class PolicyHistoryPage extends PageOf(PolicyHistoryAnswer) {}
