import { ValidateBy } from 'class-validator';
import { normaliseAccount } from './account.rules.js';

/** No account is longer, however it is written. */
const LONGEST = 64;

/** The number of a bank account or card, or the name of a wallet. */
export function IsAccount(): PropertyDecorator {
  return ValidateBy({
    name: 'isAccount',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && value.length <= LONGEST && normaliseAccount(value) !== undefined,
      defaultMessage: () => 'must be the number of a bank account or card, or the name of a wallet',
    },
  });
}
