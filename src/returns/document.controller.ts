import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { notTheHolder, revealLimited } from '../alert/alert.problems.js';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { DOCX_TYPE } from '../platform/document/docx.js';
import { Operation } from '../platform/http/operation.js';
import { invalid } from '../platform/http/problem.js';
import { DocumentService } from './document.service.js';
import { PurposeQuery } from './return.dto.js';
import { noDocument } from './return.problems.js';

@ApiTags('Returns 返还')
@Controller('returns/:id/documents')
export class DocumentController {
  constructor(private readonly documents: DocumentService) {}

  @Get('notice')
  @Operation({
    id: 'getReturnNotice',
    summary: '公告 The public notice of a pro-rata return (DOCX), with every person masked',
    contentType: DOCX_TYPE,
    errors: [noDocument],
  })
  notice(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<StreamableFile> {
    return this.documents.notice(caller, id);
  }

  @Get('decision')
  @Operation({
    id: 'getReturnDecision',
    summary: '冻结资金返还决定书 The decision (DOCX), in clear; on the timelines and in the audit log',
    contentType: DOCX_TYPE,
    errors: [noDocument, notTheHolder, revealLimited, invalid],
  })
  decision(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() { purpose }: PurposeQuery,
  ): Promise<StreamableFile> {
    return this.documents.decision(caller, id, purpose);
  }

  @Get('flow')
  @Operation({
    id: 'getReturnFlow',
    summary: '涉案资金流向表 The flow of the money (DOCX), in clear; on the timelines and in the audit log',
    contentType: DOCX_TYPE,
    errors: [notTheHolder, revealLimited, invalid],
  })
  flow(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() { purpose }: PurposeQuery,
  ): Promise<StreamableFile> {
    return this.documents.flow(caller, id, purpose);
  }
}
