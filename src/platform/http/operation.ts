import { applyDecorators, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiProperty, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import {
  type ProblemKind,
  forbidden,
  idempotencyInFlight,
  idempotencyReused,
  internalError,
  invalid,
  malformed,
  notFound,
  staleVersion,
  tooManyRequests,
  unauthenticated,
  takesTooLong,
  unavailable,
} from './problem.js';

export const OPERATION = 'sanji:operation';
export const NEVER_REPLAYED = 'sanji:never-replayed';

/** How a problem looks in the OpenAPI document. */
export class ProblemAnswer {
  @ApiProperty({ description: 'A page about this kind of problem.', example: '/api/problems/illegal-transition' })
  type!: string;
  @ApiProperty({ description: 'The kind in a few words; Chinese with Accept-Language: zh.' })
  title!: string;
  @ApiProperty({ example: 409 })
  status!: number;
  @ApiProperty({ description: 'What is wrong this time and what to do about it.' })
  detail!: string;
  @ApiProperty({ description: 'The path that was asked for.' })
  instance!: string;
  @ApiProperty({ description: 'Stable code, kebab-case; docs/errors.md lists them.', example: 'illegal-transition' })
  code!: string;
  @ApiProperty({ description: 'X-Request-Id of the request: finds it in the logs.' })
  requestId!: string;
}

export interface OperationOptions {
  /** operationId: also the key of the access policy. */
  id: string;
  summary: string;
  description?: string;
  /** Status of success, default 200. */
  status?: number;
  /** DTO class of the answer. */
  answer?: Type<unknown>;
  /** The answer is a bare array of `answer`. */
  isArray?: boolean;
  /** A realistic answer. */
  example?: unknown;
  /** A realistic body. */
  body?: { type: Type<unknown>; example: unknown };
  /** Answers that are not JSON, by media type: a file, or with an example a text. */
  contentType?: string;
  /** Kinds of problem beyond those that every operation has. */
  errors?: ProblemKind[];
  /** Anybody may call it. */
  open?: boolean;
  /** Takes If-Match. */
  ifMatch?: boolean;
  /** Takes Idempotency-Key: every POST that writes. false: never answered from memory, whatever key comes. */
  idempotent?: boolean;
}

/**
 * Describes a route once: its id (to which the access policy is keyed), its success, its errors and an example. A
 * route without it has no id and is refused by the access guard.
 */
export function Operation(options: OperationOptions): MethodDecorator {
  const status = options.status ?? 200;
  const kinds = new Set<ProblemKind>([internalError, unavailable, takesTooLong, malformed, ...(options.errors ?? [])]);
  if (!options.open) [unauthenticated, forbidden, notFound, tooManyRequests].forEach((kind) => kinds.add(kind));
  if (options.body) kinds.add(invalid);
  if (options.ifMatch) kinds.add(staleVersion);
  if (options.idempotent) [idempotencyReused, idempotencyInFlight].forEach((kind) => kinds.add(kind));

  const decorators: MethodDecorator[] = [
    SetMetadata(OPERATION, options.id),
    SetMetadata(NEVER_REPLAYED, options.idempotent === false),
    HttpCode(status),
    ApiOperation({
      operationId: options.id,
      summary: options.summary,
      description: options.description,
      ...(options.open ? { security: [] } : {}),
    }),
    ApiResponse(successOf(options, status)),
    ...problemResponses([...kinds]),
  ];
  if (options.body)
    decorators.push(ApiBody({ type: options.body.type, examples: { typical: { value: options.body.example } } }));
  if (options.ifMatch) {
    decorators.push(
      ApiHeader({
        name: 'If-Match',
        required: false,
        description: 'ETag of the version you read; a stale one gets 412 and changes nothing.',
      }),
    );
  }
  if (options.idempotent) {
    decorators.push(
      ApiHeader({
        name: 'Idempotency-Key',
        required: false,
        description: '1–255 visible characters, kept 24 h: a retry gets the first answer.',
      }),
    );
  }
  return applyDecorators(...decorators);
}

function successOf(options: OperationOptions, status: number): ApiResponseOptions {
  if (options.contentType) {
    return {
      status,
      description: options.summary,
      content: {
        [options.contentType]:
          options.example === undefined
            ? { schema: { type: 'string', format: 'binary' } }
            : { schema: { type: 'string' }, example: options.example },
      },
    };
  }
  const example = options.example === undefined ? {} : { example: options.example };
  return {
    status,
    description: options.summary,
    type: options.answer,
    isArray: options.isArray,
    ...example,
  } as ApiResponseOptions;
}

function problemResponses(kinds: ProblemKind[]): MethodDecorator[] {
  const byStatus = new Map<number, ProblemKind[]>();
  for (const kind of kinds) byStatus.set(kind.status, [...(byStatus.get(kind.status) ?? []), kind]);
  return [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, some]) =>
      ApiResponse({
        status,
        description: some.map((kind) => `\`${kind.code}\` ${kind.title}`).join('; '),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/ProblemAnswer' },
            examples: Object.fromEntries(
              some.map((kind) => [
                kind.code,
                {
                  value: {
                    type: `/api/problems/${kind.code}`,
                    title: kind.title,
                    status,
                    code: kind.code,
                    detail: `${kind.title}.`,
                    instance: '/api/v1/…',
                    requestId: '0190…',
                  },
                },
              ]),
            ),
          },
        },
      }),
    );
}
