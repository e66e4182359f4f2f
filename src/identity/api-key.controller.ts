import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import {
  ApiKeyAnswer,
  ApiKeyListQuery,
  ApiKeyPage,
  ApiKeyPath,
  ApiKeyWithSecretAnswer,
  CreateApiKeyBody,
} from './api-key.dto.js';
import { ApiKeyService } from './api-key.service.js';
import { CurrentCaller, type Caller } from './caller.js';
import { keyAlreadyRevoked } from './identity.problems.js';

const key = {
  id: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d61',
  name: 'National platform',
  hint: 'x7Qa',
  agency: { code: '4113', name: '南阳市反诈中心', tier: 'city' },
  roles: ['feed'],
  sources: ['national-platform'],
  createdAt: '2023-06-01T09:30:00.000+08:00',
  expiresAt: null,
  revokedAt: null,
};
const secret = 'sk_3kTq8WmZb0RfYc5JvLh2XnGd7PsAe9UoQi4Bt6Ny1x7Qa';

@ApiTags('API keys 接口密钥')
@Controller('api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @Operation({
    id: 'listApiKeys',
    summary: 'List the API keys of your subtree',
    description: 'The newest first. The keys themselves are not kept: only their last four characters are shown.',
    answer: ApiKeyPage,
    example: { items: [key], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: ApiKeyListQuery): Promise<Page<ApiKeyAnswer>> {
    return this.keys.list(caller, query);
  }

  @Post()
  @Operation({
    id: 'createApiKey',
    summary: 'Issue an API key',
    description: 'The key is in this answer and nowhere else. A machine sends it as X-API-Key.',
    status: 201,
    answer: ApiKeyWithSecretAnswer,
    example: { ...key, key: secret },
    body: {
      type: CreateApiKeyBody,
      example: { name: 'National platform', agency: '4113', roles: ['feed'], sources: ['national-platform'] },
    },
    idempotent: true,
  })
  issue(@CurrentCaller() caller: Caller, @Body() body: CreateApiKeyBody): Promise<ApiKeyWithSecretAnswer> {
    return this.keys.issue(caller, body);
  }

  @Post(':id/rotate')
  @Operation({
    id: 'rotateApiKey',
    summary: 'Replace an API key',
    description: 'Answers with a new key; the old one stops working at once.',
    answer: ApiKeyWithSecretAnswer,
    example: { ...key, key: secret },
    errors: [keyAlreadyRevoked, invalid],
    idempotent: true,
  })
  rotate(@CurrentCaller() caller: Caller, @Param() { id }: ApiKeyPath): Promise<ApiKeyWithSecretAnswer> {
    return this.keys.rotate(caller, id);
  }

  @Delete(':id')
  @Operation({
    id: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'It stops working at once and for good; it stays in the list.',
    answer: ApiKeyAnswer,
    example: { ...key, revokedAt: '2023-06-02T10:00:00.000+08:00' },
    errors: [invalid],
  })
  revoke(@CurrentCaller() caller: Caller, @Param() { id }: ApiKeyPath): Promise<ApiKeyAnswer> {
    return this.keys.revoke(caller, id);
  }
}
