import { Operation, type OperationOptions } from '../platform/http/operation.js';
import { AlertAnswer } from './alert.dto.js';
import { ALERT_EXAMPLE } from './alert.example.js';
import { illegalTransition, notTheHolder } from './alert.problems.js';

/** What every command on an alert has in common in the API document. */
export function commandOperation(
  id: string,
  summary: string,
  body: OperationOptions['body'],
  errors: OperationOptions['errors'] = [],
): MethodDecorator {
  return Operation({
    id,
    summary,
    body,
    answer: AlertAnswer,
    example: ALERT_EXAMPLE,
    errors: [illegalTransition, notTheHolder, ...errors],
    ifMatch: true,
    idempotent: true,
  });
}
