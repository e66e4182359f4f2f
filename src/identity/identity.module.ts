import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ActorDirectory, ChangeRecorder } from '../organization/organization.caller.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { AccessCheck } from './access.check.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access.tokens.js';
import { AccountService } from './account.service.js';
import { IdentityActors } from './actor.view.js';
import { ApiKeyController } from './api-key.controller.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyService } from './api-key.service.js';
import { AuditController } from './audit.controller.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditService } from './audit.service.js';
import { AuthController } from './auth.controller.js';
import { Authenticator } from './authenticator.js';
import { AuditChangeRecorder } from './change.recorder.js';
import { FileDesk } from './file.desk.js';
import { IdentitySettings } from './identity.settings.js';
import { LoginService } from './login.service.js';
import { LoginSessionEntity } from './login-session.entity.js';
import { LoginThrottle } from './login.throttle.js';
import { OidcVerifier } from './oidc.verifier.js';
import { PasswordHasher } from './password.hasher.js';
import { SessionService } from './session.service.js';
import { SignInFailures } from './sign-in.failures.js';
import { TotpService } from './totp.service.js';
import { UserAccountEntity } from './user-account.entity.js';
import { UserController } from './user.controller.js';
import { UserService } from './user.service.js';

export const identityEntities = [UserAccountEntity, LoginSessionEntity, ApiKeyEntity, AuditEntryEntity];

/** People, keys and the one access policy; its guard stands before every route of the application. */
@Global()
@Module({})
export class IdentityModule {
  /** @param settings what differs from the defaults, e.g. longer tokens where the clock is moved */
  static with(settings: Partial<IdentitySettings> = {}): DynamicModule {
    return {
      module: IdentityModule,
      imports: [DiscoveryModule, OrganizationModule],
      controllers: [AuthController, UserController, ApiKeyController, AuditController],
      providers: [
        { provide: IdentitySettings, useValue: new IdentitySettings(settings) },
        { provide: ChangeRecorder, useClass: AuditChangeRecorder },
        { provide: ActorDirectory, useClass: IdentityActors },
        { provide: APP_GUARD, useExisting: AccessGuard },
        AccessGuard,
        AccessCheck,
        AccessTokens,
        AccountService,
        ApiKeyService,
        AuditService,
        Authenticator,
        FileDesk,
        LoginService,
        LoginThrottle,
        OidcVerifier,
        PasswordHasher,
        SessionService,
        SignInFailures,
        TotpService,
        UserService,
      ],
      exports: [
        ActorDirectory,
        ChangeRecorder,
        AccessCheck,
        AccessGuard,
        ApiKeyService,
        Authenticator,
        FileDesk,
        LoginService,
        SessionService,
        TotpService,
        UserService,
      ],
    };
  }
}
