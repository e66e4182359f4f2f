import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { escapePointer } from './json-body.js';
import { invalid, type Fault } from './problem.js';

/** Every fault of a request, deepest first, as JSON Pointers. */
function faultsOf(errors: ValidationError[], parent = ''): Fault[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${escapePointer(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      message: rule === 'whitelistValidation' ? 'is not a field of this request' : withoutName(message, error.property),
    }));
    return [...own, ...faultsOf(error.children ?? [], pointer)];
  });
}

/** class-validator begins its sentences with the property; the pointer says that already. */
function withoutName(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}

/** Checks bodies, queries and path parameters against their DTO classes; unknown fields are an error. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: false,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => {
      const faults = faultsOf(errors);
      return invalid.with(
        `${faults.length === 1 ? 'One field is' : `${faults.length} fields are`} not right: see errors.`,
        {
          errors: faults.slice(0, 100),
        },
      );
    },
  });
}
