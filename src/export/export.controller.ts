import { Body, Controller, Delete, Get, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { PageQuery, type Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import type { Reply } from '../platform/http/reply.js';
import { CreateExportBody, ExportAnswer, ExportPage, ExportPath } from './export.dto.js';
import { exportNotReady, tooManyExports } from './export.problems.js';
import { ExportService } from './export.service.js';

const EXAMPLE: ExportAnswer = {
  id: '01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55',
  report: 'tiers/county/cases',
  format: 'xlsx',
  state: 'running',
  progress: { rows: 120_000, of: 500_000 },
  createdAt: '2023-07-01T09:30:00.000+08:00',
  startedAt: '2023-07-01T09:30:01.000+08:00',
  finishedAt: null,
  expiresAt: null,
  fileName: null,
  bytes: null,
  sha256: null,
  error: null,
};
const WAITING: ExportAnswer = { ...EXAMPLE, state: 'queued', progress: { rows: 0, of: null }, startedAt: null };

@ApiTags('Exports 导出')
@Controller('exports')
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Post()
  @Operation({
    id: 'createExport',
    summary: 'Let a report or a list be made as a file in the background, however long it is',
    description:
      'The query is checked at once, as the GET of the report checks it. The file is made with the rights that you have when its turn comes, masked like every answer, and can be fetched for 24 hours by you alone.',
    status: 202,
    answer: ExportAnswer,
    example: WAITING,
    body: {
      type: CreateExportBody,
      example: {
        report: 'tiers/county/cases',
        query: { from: '2023-06-01', to: '2023-06-30', indicator: 'received' },
        format: 'xlsx',
      },
    },
    errors: [tooManyExports],
    idempotent: true,
  })
  create(@CurrentCaller() caller: Caller, @Body() body: CreateExportBody): Promise<Reply<ExportAnswer>> {
    return this.exports.create(caller, body);
  }

  @Get()
  @Operation({
    id: 'listExports',
    summary: 'List your own exports, the last first; for seven days after they ended',
    answer: ExportPage,
    example: { items: [EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<Page<ExportAnswer>> {
    return this.exports.list(caller, query);
  }

  @Get(':id')
  @Operation({
    id: 'getExport',
    summary: 'How far an export of yours is',
    answer: ExportAnswer,
    example: EXAMPLE,
    errors: [invalid],
  })
  get(@CurrentCaller() caller: Caller, @Param() { id }: ExportPath): Promise<ExportAnswer> {
    return this.exports.get(caller, id);
  }

  @Get(':id/file')
  @Operation({
    id: 'getExportFile',
    summary: 'Fetch the file of an export of yours; its ETag is the SHA-256 of its bytes',
    contentType: 'application/octet-stream',
    errors: [invalid, exportNotReady],
  })
  file(@CurrentCaller() caller: Caller, @Param() { id }: ExportPath): Promise<Reply<StreamableFile>> {
    return this.exports.file(caller, id);
  }

  @Delete(':id')
  @Operation({
    id: 'deleteExport',
    summary: 'Stop an export of yours, or remove its file',
    status: 204,
    errors: [invalid],
  })
  remove(@CurrentCaller() caller: Caller, @Param() { id }: ExportPath): Promise<void> {
    return this.exports.remove(caller, id);
  }
}
