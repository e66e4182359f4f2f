import { Controller, Get, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { invalid, tooLarge, unsupportedMedia } from '../platform/http/problem.js';
import { IncomingFile, type Upload } from '../platform/http/upload.js';
import { ImportAccepted, ImportAnswer, ImportQuery } from './import.dto.js';
import { FileBody } from './import.operation.js';
import { ImportService } from './import.service.js';
import { unreadableFile } from './intake.problems.js';

const ID = '01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55';

@ApiTags('Intake 预警接入')
@Controller()
export class ImportController {
  constructor(private readonly service: ImportService) {}

  @Post('alerts/import')
  @Operation({
    id: 'importAlerts',
    summary: '文件导入 Hand in a file of signals: CSV (UTF-8 or GB18030) or XLSX, header row in Chinese or English',
    description:
      'The file is read to its end and kept, sealed, before the answer; it is worked off in the background and goes on after a crash where it stopped. A file that cannot be read, or has a wrong header, is refused at once. docs/import.md lists the columns.',
    status: 202,
    answer: ImportAccepted,
    example: { id: ID },
    errors: [invalid, unreadableFile, tooLarge, unsupportedMedia],
    idempotent: true,
  })
  @FileBody()
  start(
    @CurrentCaller() caller: Caller,
    @Query() query: ImportQuery,
    @IncomingFile() upload: Upload,
  ): Promise<ImportAccepted> {
    return this.service.accept(caller, upload, query.dryRun);
  }

  @Get('imports/:id')
  @Operation({
    id: 'getImport',
    summary: 'How far an import is, and what became of its rows; for seven days after it has finished',
    answer: ImportAnswer,
    example: {
      id: ID,
      subject: 'alerts',
      status: 'running',
      dryRun: false,
      fileName: '6月1日预警.xlsx',
      total: 11_000,
      processed: 4_000,
      created: 3_702,
      duplicates: 12,
      merged: 274,
      rejected: 12,
      failure: null,
      createdAt: '2023-06-01T09:30:00.000+08:00',
      finishedAt: null,
    },
  })
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<ImportAnswer> {
    return this.service.get(caller, id);
  }

  @Get('imports/:id/rejects.csv')
  @Operation({
    id: 'getImportRejects',
    summary: 'The rejected rows as they came, with row number and reason: correct them and hand the file in again',
    description:
      'For the agency that handed the file in; the rows are in clear, so each download leaves a line in the audit log. For seven days after the import has finished.',
    contentType: 'text/csv',
  })
  rejects(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<StreamableFile> {
    return this.service.rejects(caller, id);
  }
}
