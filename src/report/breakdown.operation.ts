import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Operation } from '../platform/http/operation.js';
import { invalid } from '../platform/http/problem.js';
import { amountTooLarge } from './report.problems.js';

/** Describes a route whose report is answered as JSON or, where that is asked for, as a file. */
export function ReportOperation(options: {
  id: string;
  summary: string;
  answer: Type<unknown>;
  example: object;
}): MethodDecorator {
  const { id, summary, answer, example } = options;
  return applyDecorators(
    ApiExtraModels(answer),
    ApiResponse({
      status: 200,
      description:
        'The report; with format=csv a file (UTF-8 with BOM, Chinese headers, the definitions after the rows).',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(answer) }, example },
        'text/csv': { schema: { type: 'string', format: 'binary' } },
      },
    }),
    Operation({ id, summary, errors: [invalid, amountTooLarge] }),
  );
}
