import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';

/** The form that a file comes in, for the API document. */
export function FileBody(): MethodDecorator {
  return applyDecorators(
    ApiConsumes('multipart/form-data'),
    ApiBody({
      schema: {
        type: 'object',
        required: ['file'],
        properties: {
          file: { type: 'string', format: 'binary', description: 'CSV or XLSX.' },
          dryRun: { type: 'string', enum: ['true', 'false'], description: 'Like the query parameter.' },
        },
      },
    }),
  );
}
