import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { isLocalDate, parseInstant } from '../clock/local-date.js';

/** The largest amount of money in fen that a JSON number carries exactly. */
export const MAX_FEN = Number.MAX_SAFE_INTEGER;

/** A day that exists, `YYYY-MM-DD`. */
export function IsLocalDate(): PropertyDecorator {
  return ValidateBy({
    name: 'isLocalDate',
    validator: {
      validate: (value: unknown) => isLocalDate(value) && value >= '1990-01-01' && value <= '2100-12-31',
      defaultMessage: () => 'must be a date that exists, as YYYY-MM-DD, between 1990 and 2100',
    },
  });
}

/** An RFC 3339 moment with offset. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => {
        const parsed = parseInstant(value);
        return parsed !== undefined && parsed.getUTCFullYear() >= 1990 && parsed.getUTCFullYear() <= 2100;
      },
      defaultMessage: () =>
        'must be a moment with its offset, such as 2023-06-01T09:30:00+08:00, between 1990 and 2100',
    },
  });
}

/** An amount of money: whole fen, not negative, within what a JSON number carries. */
export function IsFen(): PropertyDecorator {
  return applyDecorators(
    ValidateBy({
      name: 'isFen',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0),
        defaultMessage: () => `must be a whole number of fen from 0 to ${MAX_FEN}`,
      },
    }),
  );
}
