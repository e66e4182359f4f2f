import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatchHeader, type IfMatch } from '../platform/http/etag.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { CurrentCaller, type Caller } from './caller.js';
import { ownAccount, signInElsewhere, usernameTaken } from './identity.problems.js';
import {
  CreateUserBody,
  UpdateUserBody,
  UserAnswer,
  UserListQuery,
  UserPage,
  UserPath,
  UserWithPasswordAnswer,
} from './user.dto.js';
import { UserService } from './user.service.js';

const user = {
  id: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d60',
  username: 'li.jing',
  displayName: '李静',
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  roles: ['officer'],
  locked: false,
  lockedUntil: null,
  mustChangePassword: false,
  totpEnabled: false,
  createdAt: '2023-06-01T09:30:00.000+08:00',
  updatedAt: '2023-06-01T09:30:00.000+08:00',
  version: 1,
};

@ApiTags('Users 用户')
@Controller('users')
export class UserController {
  constructor(private readonly users: UserService) {}

  @Get()
  @Operation({
    id: 'listUsers',
    summary: 'List the users of your subtree',
    description: 'In the order of their usernames.',
    answer: UserPage,
    example: { items: [user], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  list(@CurrentCaller() caller: Caller, @Query() query: UserListQuery): Promise<Page<UserAnswer>> {
    return this.users.list(caller, query);
  }

  @Get(':id')
  @Operation({ id: 'getUser', summary: 'Get a user', answer: UserAnswer, example: user, errors: [invalid] })
  get(@CurrentCaller() caller: Caller, @Param() { id }: UserPath): Promise<UserAnswer> {
    return this.users.get(caller, id);
  }

  @Post()
  @Operation({
    id: 'createUser',
    summary: 'Create a user',
    description:
      'Nobody is two of admin, security and auditor at once, and none of them works cases (三员分立). Without a password one is made and answered once.',
    status: 201,
    answer: UserWithPasswordAnswer,
    example: { ...user, mustChangePassword: true, password: 'k7Qm-x2Wd-9aTf-Lp4Z' },
    body: {
      type: CreateUserBody,
      example: { username: 'li.jing', displayName: '李静', agency: '411322', roles: ['officer'] },
    },
    errors: [usernameTaken],
    idempotent: true,
  })
  create(@CurrentCaller() caller: Caller, @Body() body: CreateUserBody): Promise<UserWithPasswordAnswer> {
    return this.users.create(caller, body);
  }

  @Patch(':id')
  @Operation({
    id: 'updateUser',
    summary: 'Change name, agency or roles of a user',
    description: 'Another agency or other roles end the sessions of the user. Never your own.',
    answer: UserAnswer,
    example: { ...user, roles: ['officer', 'supervisor'], version: 2 },
    body: { type: UpdateUserBody, example: { roles: ['officer', 'supervisor'] } },
    errors: [ownAccount],
    ifMatch: true,
  })
  update(
    @CurrentCaller() caller: Caller,
    @Param() { id }: UserPath,
    @Body() body: UpdateUserBody,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<UserAnswer> {
    return this.users.update(caller, id, body, ifMatch);
  }

  @Post(':id/lock')
  @Operation({
    id: 'lockUser',
    summary: 'Lock an account',
    description: 'Ends every session of the user at once; nobody gets in until it is unlocked.',
    answer: UserAnswer,
    example: { ...user, locked: true, version: 2 },
    errors: [ownAccount, invalid],
    ifMatch: true,
    idempotent: true,
  })
  lock(
    @CurrentCaller() caller: Caller,
    @Param() { id }: UserPath,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<UserAnswer> {
    return this.users.lockAccount(caller, id, ifMatch);
  }

  @Post(':id/unlock')
  @Operation({
    id: 'unlockUser',
    summary: 'Unlock an account',
    description: 'Ends a lock by a security administrator as well as one after failed sign-ins.',
    answer: UserAnswer,
    example: { ...user, version: 3 },
    errors: [ownAccount, invalid],
    ifMatch: true,
    idempotent: true,
  })
  unlock(
    @CurrentCaller() caller: Caller,
    @Param() { id }: UserPath,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<UserAnswer> {
    return this.users.unlockAccount(caller, id, ifMatch);
  }

  @Post(':id/reset')
  @Operation({
    id: 'resetUser',
    summary: 'Give a user a new password',
    description:
      'Shown once and to be changed at the next sign-in. Takes the second factor away, and ends every session of the user.',
    answer: UserWithPasswordAnswer,
    example: { ...user, mustChangePassword: true, password: 'k7Qm-x2Wd-9aTf-Lp4Z', version: 2 },
    errors: [ownAccount, signInElsewhere, invalid],
    ifMatch: true,
    idempotent: true,
  })
  reset(
    @CurrentCaller() caller: Caller,
    @Param() { id }: UserPath,
    @IfMatchHeader() ifMatch: IfMatch,
  ): Promise<UserWithPasswordAnswer> {
    return this.users.reset(caller, id, ifMatch);
  }
}
