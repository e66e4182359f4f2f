import { notTheHolder } from '../alert/alert.problems.js';
import { Operation, type OperationOptions } from '../platform/http/operation.js';
import { ReturnAnswer } from './return.dto.js';
import { RETURN_EXAMPLE } from './return.example.js';
import { illegalReturn } from './return.problems.js';

/** What every command on a return has in common in the API document. */
export function returnCommand(
  id: string,
  summary: string,
  body: OperationOptions['body'],
  errors: OperationOptions['errors'] = [],
): MethodDecorator {
  return Operation({
    id,
    summary,
    body,
    answer: ReturnAnswer,
    example: RETURN_EXAMPLE,
    errors: [illegalReturn, notTheHolder, ...errors],
    ifMatch: true,
    idempotent: true,
  });
}
