import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { AgencyPath } from '../organization/agency.dto.js';
import { Operation } from '../platform/http/operation.js';
import { invalid } from '../platform/http/problem.js';
import { ContactAnswer, ContactBody } from './contact.dto.js';
import { ContactService } from './contact.service.js';

const mine = { channel: 'sms', address: '138****1234', sending: true, channels: ['sms', 'wecom'] };
const robot = { channel: 'wecom', address: '****9d2f', sending: true, channels: ['sms', 'wecom'] };

@ApiTags('Messages 消息')
@Controller()
export class ContactController {
  constructor(private readonly contacts: ContactService) {}

  @Get('auth/me/contact')
  @Operation({ id: 'getMyContact', summary: 'Where reminders reach you', answer: ContactAnswer, example: mine })
  mine(@CurrentCaller() caller: Caller): Promise<ContactAnswer> {
    return this.contacts.mine(caller);
  }

  @Put('auth/me/contact')
  @Operation({
    id: 'putMyContact',
    summary: 'Say where reminders reach you',
    description: 'The address is kept sealed and answered masked. Messages carry no personal data beyond case numbers.',
    answer: ContactAnswer,
    example: mine,
    body: { type: ContactBody, example: { channel: 'sms', address: '13800001234' } },
  })
  putMine(@CurrentCaller() caller: Caller, @Body() body: ContactBody): Promise<ContactAnswer> {
    return this.contacts.putMine(caller, body);
  }

  @Get('agencies/:code/message-contact')
  @Operation({
    id: 'getAgencyContact',
    summary: "Where an agency's reminders go besides its people",
    answer: ContactAnswer,
    example: robot,
    errors: [invalid],
  })
  ofAgency(@CurrentCaller() caller: Caller, @Param() { code }: AgencyPath): Promise<ContactAnswer> {
    return this.contacts.ofAgency(caller, code);
  }

  @Put('agencies/:code/message-contact')
  @Operation({
    id: 'putAgencyContact',
    summary: 'Say where an agency hears of its cases, e.g. the robot of its duty group',
    description: 'Gets what its officers and its supervisors get.',
    answer: ContactAnswer,
    example: robot,
    body: { type: ContactBody, example: { channel: 'wecom', address: '693a91f6-7xxx-4bc4-97a0-0ec2sifa9d2f' } },
  })
  putOfAgency(
    @CurrentCaller() caller: Caller,
    @Param() { code }: AgencyPath,
    @Body() body: ContactBody,
  ): Promise<ContactAnswer> {
    return this.contacts.putOfAgency(caller, code, body);
  }
}
