import type { Type } from '@nestjs/common';
import { FileOperation } from '../platform/http/file.order.js';
import { invalid } from '../platform/http/problem.js';
import { amountTooLarge } from './report.problems.js';

/** Describes a route whose report is answered as JSON or, where that is asked for, as a file. */
export function ReportOperation(options: {
  id: string;
  summary: string;
  answer: Type<unknown>;
  example: object;
}): MethodDecorator {
  return FileOperation({ ...options, errors: [invalid, amountTooLarge] });
}
