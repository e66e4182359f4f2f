import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Operation } from '../platform/http/operation.js';
import { conflict, tooManyRequests } from '../platform/http/problem.js';
import { AccountService } from './account.service.js';
import {
  ChangePasswordBody,
  EnrolTotpBody,
  LoginBody,
  LogoutBody,
  MeAnswer,
  RefreshBody,
  SignedInAnswer,
  TotpCodeBody,
  TotpEnrolmentAnswer,
} from './auth.dto.js';
import { CurrentCaller, type Caller } from './caller.js';
import {
  agencyClosed,
  refreshInvalid,
  refreshReused,
  signInElsewhere,
  signInFailed,
  totpNeeded,
  totpRequiredByRole,
  totpState,
} from './identity.problems.js';
import { LoginService } from './login.service.js';
import { SessionService } from './session.service.js';
import { TotpService } from './totp.service.js';

const me = {
  kind: 'user',
  id: '0188b2f4-6a3c-7d10-9b7e-5c2f8e1a4d60',
  username: 'li.jing',
  displayName: '李静',
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  roles: ['officer'],
  sources: null,
  totpEnabled: false,
  obligation: null,
};
const signedIn = {
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9…',
  tokenType: 'Bearer',
  expiresIn: 900,
  refreshToken: 'rt_AYiy9Go8fRCbflwvjhpNYPp1…',
  user: me,
};

@ApiTags('Who calls 身份')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logins: LoginService,
    private readonly sessions: SessionService,
    private readonly accounts: AccountService,
    private readonly totp: TotpService,
  ) {}

  @Post('login')
  @Operation({
    id: 'login',
    summary: 'Sign in',
    description:
      'A wrong password, an unknown username and a locked account get the same answer. Five failures lock an account for 15 minutes.',
    answer: SignedInAnswer,
    example: signedIn,
    body: { type: LoginBody, example: { username: 'li.jing', password: 'Qiu-7-shan-Xue' } },
    errors: [signInFailed, totpNeeded, agencyClosed, signInElsewhere, tooManyRequests],
    open: true,
  })
  login(@Body() body: LoginBody, @Req() { ip, id }: FastifyRequest): Promise<SignedInAnswer> {
    return this.logins.login(body, { address: ip, requestId: id });
  }

  @Post('refresh')
  @Operation({
    id: 'refreshToken',
    summary: 'Get another access token',
    description:
      'Answers with another refresh token, too: each is good once. One that comes a second time ends the session for everybody who has a copy.',
    answer: SignedInAnswer,
    example: signedIn,
    body: { type: RefreshBody, example: { refreshToken: signedIn.refreshToken } },
    errors: [refreshInvalid, refreshReused, signInElsewhere],
    open: true,
  })
  refresh(@Body() { refreshToken }: RefreshBody, @Req() { ip, id }: FastifyRequest): Promise<SignedInAnswer> {
    return this.sessions.refresh(refreshToken, { address: ip, requestId: id });
  }

  @Post('logout')
  @Operation({
    id: 'logout',
    summary: 'Sign out',
    description: 'Ends the session: its access and refresh tokens stop working at once.',
    status: 204,
    body: { type: LogoutBody, example: {} },
  })
  logout(@CurrentCaller() caller: Caller, @Body() _body: LogoutBody): Promise<void> {
    return this.sessions.logout(caller);
  }

  @Get('me')
  @Operation({ id: 'getMe', summary: 'Who am I?', answer: MeAnswer, example: me })
  me(@CurrentCaller() caller: Caller): Promise<MeAnswer> {
    return this.accounts.me(caller);
  }

  @Post('password')
  @Operation({
    id: 'changePassword',
    summary: 'Change your password',
    description: 'Ends every session of yours and answers with a new one.',
    answer: SignedInAnswer,
    example: signedIn,
    body: { type: ChangePasswordBody, example: { currentPassword: 'Qiu-7-shan-Xue', newPassword: 'Chun-9-jiang-Yue' } },
    errors: [signInElsewhere, conflict],
    idempotent: true,
  })
  changePassword(@CurrentCaller() caller: Caller, @Body() body: ChangePasswordBody): Promise<SignedInAnswer> {
    return this.accounts.changePassword(caller, body);
  }

  @Post('totp')
  @Operation({
    id: 'enrolTotp',
    summary: 'Set up a second factor',
    description: 'Gives the secret for an authenticator app. It counts once it was confirmed with a code.',
    answer: TotpEnrolmentAnswer,
    example: {
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/Sanji:li.jing?issuer=Sanji&secret=JBSW…',
    },
    body: { type: EnrolTotpBody, example: { password: 'Qiu-7-shan-Xue' } },
    errors: [totpState, signInElsewhere, conflict],
    idempotent: true,
  })
  enrol(@CurrentCaller() caller: Caller, @Body() { password }: EnrolTotpBody): Promise<TotpEnrolmentAnswer> {
    return this.totp.enrol(caller, password);
  }

  @Post('totp/confirm')
  @Operation({
    id: 'confirmTotp',
    summary: 'Confirm the second factor with its first code',
    status: 204,
    body: { type: TotpCodeBody, example: { code: '492039' } },
    errors: [totpState],
    idempotent: true,
  })
  confirm(@CurrentCaller() caller: Caller, @Body() { code }: TotpCodeBody): Promise<void> {
    return this.totp.confirm(caller, code);
  }

  @Post('totp/disable')
  @Operation({
    id: 'disableTotp',
    summary: 'Give up the second factor',
    description: 'Takes a code. Roles that need a second factor cannot.',
    status: 204,
    body: { type: TotpCodeBody, example: { code: '492039' } },
    errors: [totpState, totpRequiredByRole],
    idempotent: true,
  })
  disable(@CurrentCaller() caller: Caller, @Body() { code }: TotpCodeBody): Promise<void> {
    return this.totp.disable(caller, code);
  }
}
