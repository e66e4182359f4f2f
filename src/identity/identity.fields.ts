import { Transform } from 'class-transformer';
import { ValidateIf } from 'class-validator';
import type { Agency, Tier } from '../organization/agency.js';
import { TIERS } from '../organization/agency.js';
import { ApiProperty } from '@nestjs/swagger';

/** Lower-case letters of any script, digits, and . _ - @; a letter or digit first. */
export const USERNAME = /^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}._@-]{0,63}$/u;
export const USERNAME_RULE = 'takes 1 to 64 letters, digits, and . _ - @, a letter or digit first';

/** Text of one line: nothing that a terminal or a spreadsheet would act upon. */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u;
export const ONE_LINE_RULE = 'must be text of one line';

export const SOURCE = /^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,63}$/u;
export const SOURCE_RULE = 'takes 1 to 64 letters, digits, and . _ : -, a letter or digit first';

/** As usernames are kept and compared. */
export function normaliseUsername(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

const onText = (change: (text: string) => string): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? change(value) : value));

export const AsUsername = (): PropertyDecorator => onText(normaliseUsername);
export const Trimmed = (): PropertyDecorator => onText((text) => text.trim());
/** Absent is fine; null is not. */
export const WhenGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** An agency in short. */
export class AgencyBrief {
  @ApiProperty({ example: '411322' })
  code!: string;
  @ApiProperty({ example: '方城县公安局' })
  name!: string;
  @ApiProperty({ enum: TIERS, enumName: 'Tier' })
  tier!: Tier;
}

export function agencyBrief({ code, name, tier }: Agency): AgencyBrief {
  return { code, name, tier };
}
