import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import { PageQuery, type Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { DeliveryService } from './delivery.service.js';
import {
  CreateWebhookBody,
  DeliveryAnswer,
  DeliveryListQuery,
  DeliveryPage,
  DeliveryPath,
  UpdateWebhookBody,
  WebhookAnswer,
  WebhookPage,
  WebhookPath,
  WebhookWithSecretAnswer,
} from './webhook.dto.js';
import { tooManyWebhooks } from './webhook.problems.js';
import { WebhookService } from './webhook.service.js';

const webhook = {
  id: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d61',
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  url: 'https://receiver.example.org/sanji',
  types: ['case.pushed', 'case.clock-overdue'],
  active: true,
  deliveries: { pending: 0, parked: 0 },
  failingSince: null,
  oldSecretUntil: null,
  createdAt: '2023-06-01T09:30:00.000+08:00',
  version: 1,
};
const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDMfHQ1Nx5jKo=';
const delivery = {
  id: '0188b2f5-11aa-7c02-8c1d-2f6f0c9e7b33',
  type: 'case.pushed',
  caseId: '0188b2f4-9d21-7a55-8b0e-6d3c1f2a4e10',
  seq: 2,
  status: 'parked',
  attempts: 31,
  lastResult: '503',
  createdAt: '2023-06-01T09:31:00.000+08:00',
  lastAttemptAt: '2023-06-02T09:31:02.000+08:00',
  nextAttemptAt: null,
  endedAt: '2023-06-02T09:31:02.000+08:00',
};

@ApiTags('Webhooks 回调')
@Controller('webhooks')
export class WebhookController {
  constructor(
    private readonly webhooks: WebhookService,
    private readonly deliveries: DeliveryService,
  ) {}

  @Get()
  @Operation({
    id: 'listWebhooks',
    summary: 'List the webhooks of your subtree',
    description: 'The newest first, each with how much waits for it and how much was given up.',
    answer: WebhookPage,
    example: { items: [webhook], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<Page<WebhookAnswer>> {
    return this.webhooks.list(caller, query);
  }

  @Post()
  @Operation({
    id: 'createWebhook',
    summary: 'Tell a receiver of what happens',
    description:
      'From now on each event that your agency may see is posted to the URL in the Standard Webhooks form (webhook-id, webhook-timestamp, webhook-signature), at least once and in order per case; any 2xx within 10 seconds is a success, a redirect is not. The body is {type, timestamp, data}, without personal data. The secret is in this answer and nowhere else.',
    status: 201,
    answer: WebhookWithSecretAnswer,
    example: { ...webhook, secret },
    body: {
      type: CreateWebhookBody,
      example: { url: 'https://receiver.example.org/sanji', types: ['case.pushed', 'case.clock-overdue'] },
    },
    errors: [tooManyWebhooks],
    idempotent: true,
  })
  create(@CurrentCaller() caller: Caller, @Body() body: CreateWebhookBody): Promise<WebhookWithSecretAnswer> {
    return this.webhooks.create(caller, body);
  }

  @Get(':id')
  @Operation({ id: 'getWebhook', summary: 'Get a webhook', answer: WebhookAnswer, example: webhook, errors: [invalid] })
  get(@CurrentCaller() caller: Caller, @Param() { id }: WebhookPath): Promise<WebhookAnswer> {
    return this.webhooks.get(caller, id);
  }

  @Patch(':id')
  @Operation({
    id: 'updateWebhook',
    summary: 'Change URL, types or activity of a webhook',
    answer: WebhookAnswer,
    example: { ...webhook, active: false, version: 2 },
    body: { type: UpdateWebhookBody, example: { active: false } },
    ifMatch: true,
  })
  update(
    @CurrentCaller() caller: Caller,
    @Param() { id }: WebhookPath,
    @Body() body: UpdateWebhookBody,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<WebhookAnswer> {
    return this.webhooks.update(caller, id, body, ifMatch);
  }

  @Delete(':id')
  @Operation({
    id: 'deleteWebhook',
    summary: 'Delete a webhook',
    description: 'What was still to be delivered to it is gone with it.',
    status: 204,
    errors: [invalid],
    ifMatch: true,
  })
  remove(
    @CurrentCaller() caller: Caller,
    @Param() { id }: WebhookPath,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<void> {
    return this.webhooks.remove(caller, id, ifMatch);
  }

  @Post(':id/rotate-secret')
  @Operation({
    id: 'rotateWebhookSecret',
    summary: 'Replace the secret of a webhook',
    description:
      'Answers with a new secret. For 24 hours messages are signed with both, so that receivers can change over.',
    answer: WebhookWithSecretAnswer,
    example: { ...webhook, oldSecretUntil: '2023-06-02T09:30:00.000+08:00', version: 2, secret },
    errors: [invalid],
    ifMatch: true,
    idempotent: true,
  })
  rotateSecret(
    @CurrentCaller() caller: Caller,
    @Param() { id }: WebhookPath,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<WebhookWithSecretAnswer> {
    return this.webhooks.rotateSecret(caller, id, ifMatch);
  }

  @Get(':id/deliveries')
  @Operation({
    id: 'listWebhookDeliveries',
    summary: 'List the deliveries of a webhook',
    description: 'The newest first. What was delivered is kept for 30 days.',
    answer: DeliveryPage,
    example: { items: [delivery], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  listDeliveries(
    @CurrentCaller() caller: Caller,
    @Param() { id }: WebhookPath,
    @Query() query: DeliveryListQuery,
  ): Promise<Page<DeliveryAnswer>> {
    return this.deliveries.list(caller, id, query);
  }

  @Post(':id/deliveries/:deliveryId/resend')
  @Operation({
    id: 'resendWebhookDelivery',
    summary: 'Send a delivery again',
    description: 'It is due at once, under the same webhook-id, and has 24 hours again.',
    answer: DeliveryAnswer,
    example: {
      ...delivery,
      status: 'pending',
      attempts: 0,
      nextAttemptAt: '2023-06-03T08:00:00.000+08:00',
      endedAt: null,
    },
    errors: [invalid],
    idempotent: true,
  })
  resend(@CurrentCaller() caller: Caller, @Param() { id, deliveryId }: DeliveryPath): Promise<DeliveryAnswer> {
    return this.deliveries.resend(caller, id, deliveryId);
  }
}
