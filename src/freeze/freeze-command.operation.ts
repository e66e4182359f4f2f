import { illegalTransition, notTheHolder } from '../alert/alert.problems.js';
import { Operation, type OperationOptions } from '../platform/http/operation.js';
import { FreezeAnswer } from './freeze.dto.js';
import { FREEZE_EXAMPLE } from './freeze.example.js';
import { freezeLapsed } from './freeze.problems.js';

/** What every command on a freeze has in common in the API document. @param changed of the example */
export function freezeCommand(
  id: string,
  summary: string,
  body: OperationOptions['body'],
  changed: Partial<FreezeAnswer>,
  errors: OperationOptions['errors'] = [],
): MethodDecorator {
  return Operation({
    id,
    summary,
    body,
    answer: FreezeAnswer,
    example: { ...FREEZE_EXAMPLE, ...changed },
    errors: [illegalTransition, freezeLapsed, notTheHolder, ...errors],
    ifMatch: true,
    idempotent: true,
  });
}
