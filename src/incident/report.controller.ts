import { Controller, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { ImportAccepted, ImportQuery } from '../intake/import.dto.js';
import { FileBody } from '../intake/import.operation.js';
import { ImportService } from '../intake/import.service.js';
import { sourceRefConflict, unreadableFile } from '../intake/intake.problems.js';
import { Operation } from '../platform/http/operation.js';
import { invalid, tooLarge, unsupportedMedia } from '../platform/http/problem.js';
import type { Reply } from '../platform/http/reply.js';
import { UncheckedBody } from '../platform/http/unchecked-body.js';
import { IncomingFile, type Upload } from '../platform/http/upload.js';
import { IncidentApi } from './incident.api.js';
import { IncidentAnswer } from './incident.dto.js';
import { INCIDENT_BODY_EXAMPLE, INCIDENT_EXAMPLE } from './incident.example.js';
import { IncidentBatchAnswer, IncidentBatchBody, IncidentBody } from './report.dto.js';

@ApiTags('Incidents 警情')
@Controller('incidents')
export class ReportController {
  constructor(
    private readonly api: IncidentApi,
    private readonly imports: ImportService,
  ) {}

  @Post()
  @Operation({
    id: 'createIncident',
    summary: 'Hand in one incident: 201 with a new one, 200 where it came before',
    description:
      'It is accepted by the county or township that hands it in, where it covers the division; else by the county that does, else by the city.',
    status: 201,
    answer: IncidentAnswer,
    body: { type: IncidentBody, example: INCIDENT_BODY_EXAMPLE },
    example: INCIDENT_EXAMPLE,
    errors: [sourceRefConflict, tooLarge],
    idempotent: true,
  })
  one(@CurrentCaller() caller: Caller, @UncheckedBody() body: unknown): Promise<Reply<IncidentAnswer>> {
    return this.api.one(caller, body);
  }

  @Post('import')
  @Operation({
    id: 'importIncidents',
    summary: '文件导入 Hand in a file of incidents: CSV (UTF-8 or GB18030) or XLSX, header row in Chinese or English',
    description:
      'A row is an incident with at most one transfer; rows right below it with the same source and sourceRef add theirs. GET /imports/{id} tells how far it is. docs/import.md lists the columns.',
    status: 202,
    answer: ImportAccepted,
    example: { id: '01887a2c-5b1e-7d3f-9c1a-2f4be0a91c55' },
    errors: [invalid, unreadableFile, tooLarge, unsupportedMedia],
    idempotent: true,
  })
  @FileBody()
  start(
    @CurrentCaller() caller: Caller,
    @Query() query: ImportQuery,
    @IncomingFile() upload: Upload,
  ): Promise<ImportAccepted> {
    return this.imports.accept(caller, upload, query.dryRun, 'incidents');
  }

  @Post('batch')
  @Operation({
    id: 'createIncidents',
    summary: 'Hand in up to 1,000 incidents; a bad one never costs the others',
    status: 200,
    answer: IncidentBatchAnswer,
    body: { type: IncidentBatchBody, example: { incidents: [INCIDENT_BODY_EXAMPLE] } },
    example: {
      created: 1,
      duplicates: 0,
      rejected: 0,
      results: [{ index: 0, outcome: 'created', id: INCIDENT_EXAMPLE.id, incidentNo: INCIDENT_EXAMPLE.incidentNo }],
    },
    errors: [tooLarge],
    idempotent: true,
  })
  many(@CurrentCaller() caller: Caller, @UncheckedBody() body: unknown): Promise<IncidentBatchAnswer> {
    return this.api.many(caller, body);
  }
}
