import { Readable } from 'node:stream';
import {
  applyDecorators,
  StreamableFile,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiExtraModels, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { mergeMap, type Observable } from 'rxjs';
import { FILE_FORMATS } from '../tabular/file.format.js';
import { RowCount } from '../tabular/table.file.js';
import { XLSX_TYPE } from '../tabular/workbook.writer.js';
import { Operation, type OperationOptions } from './operation.js';

/** A file that is being made. */
export interface FileInHand {
  /** With its ending; for every system. */
  name: string;
  mediaType: string;
  /** Made as they are taken. */
  bytes: AsyncGenerator<Buffer, void>;
  /** How far it is. */
  count: RowCount;
}

/**
 * A file that may be made: who asks, and for what, has been checked; nothing has been read yet. Routes answer it, and it
 * is made as it is sent; an export job makes it in the background.
 */
export class FileOrder extends StreamableFile {
  /**
   * @param make reads what has to be read first, and puts on record that the file leaves
   * @param more `expected`: how many rows it will have, where the file itself tells it late; `admit` throws while it cannot
   * be sent, and otherwise takes a place at once
   */
  constructor(
    private readonly make: () => Promise<FileInHand>,
    private readonly more: { expected?: () => Promise<number>; admit?: () => () => void } = {},
  ) {
    super(Buffer.alloc(0));
  }

  /** @returns null where nobody knows before it is made */
  async expected(): Promise<number | null> {
    return (await this.more.expected?.()) ?? null;
  }

  /**
   * Before it is opened for somebody who waits for it.
   * @returns what gives its place back, once it has been sent or given up; undefined where it needs none
   * @throws Problem `too-many-requests`
   */
  admit(): (() => void) | undefined {
    return this.more.admit?.();
  }

  open(): Promise<FileInHand> {
    return this.make();
  }
}

/** Makes what a route ordered, and sends it as it is made. */
export class OrderedFiles implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(mergeMap(async (answer: unknown) => (answer instanceof FileOrder ? sent(answer) : answer)));
  }
}

async function sent(order: FileOrder): Promise<StreamableFile> {
  const leave = order.admit();
  try {
    const { name, mediaType, bytes } = await order.open();
    const body = readableOf(bytes);
    if (leave) body.once('close', leave);
    return new StreamableFile(body, { type: mediaType, disposition: `attachment; filename="${name}"` });
  } catch (error) {
    leave?.();
    throw error;
  }
}

/** How long a file waits for somebody who has stopped taking it, without having left. */
const STALLED_MS = 60_000;

/**
 * Bytes for whoever takes them. They are given up when nobody does: what makes them holds a connection to the database,
 * and a place among the files that can be sent at once.
 */
export function readableOf(bytes: AsyncIterable<Buffer>, stalledMs = STALLED_MS): Readable {
  async function* watched(): AsyncGenerator<Buffer, void> {
    for await (const piece of bytes) {
      const stalled = setTimeout(() => body.destroy(new Error('nobody takes the file any more')), stalledMs);
      try {
        yield piece;
      } finally {
        clearTimeout(stalled);
      }
    }
  }
  const body = Readable.from(watched(), { objectMode: false });
  return body;
}

/** How a report or a list is answered. */
export const FORMATS = ['json', ...FILE_FORMATS] as const;
export type Format = (typeof FORMATS)[number];

/** The query's `format`, with `json` as its default. */
export function FormatOfAnswer(
  description = '`csv`, `xlsx`: a file for spreadsheets, with the definitions.',
): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ enum: FORMATS, default: 'json', description }),
    IsOptional(),
    IsIn(FORMATS),
  );
}

/** Describes a route that answers JSON or, where that is asked for, a file. */
export function FileOperation({
  answer,
  example,
  what = 'The report',
  ...options
}: Omit<OperationOptions, 'answer' | 'example'> & {
  answer: Type<unknown>;
  example: object;
  /** As its description begins. */
  what?: string;
}): MethodDecorator {
  const file = { schema: { type: 'string', format: 'binary' } } as const;
  return applyDecorators(
    ApiExtraModels(answer),
    ApiResponse({
      status: 200,
      description: `${what}; with format=csv a file (UTF-8 with BOM, Chinese headers), with format=xlsx a workbook (frozen header, filters, number formats, definitions, charts). Files are written as they are sent.`,
      content: {
        'application/json': { schema: { $ref: getSchemaPath(answer) }, example },
        'text/csv': file,
        [XLSX_TYPE]: file,
      },
    }),
    Operation(options),
    UseInterceptors(OrderedFiles),
  );
}
