import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';

/** How a report is answered. */
export const FORMATS = ['json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** The query's `format`, with `json` as its default. */
export function FormatOfReport(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      enum: FORMATS,
      default: 'json',
      description: '`csv`: a file for spreadsheets, with the definitions.',
    }),
    IsOptional(),
    IsIn(FORMATS),
  );
}
