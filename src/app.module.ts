import { Module, type DynamicModule } from '@nestjs/common';
import { AlertModule } from './alert/alert.module.js';
import { AssignmentModule } from './assignment/assignment.module.js';
import { BriefingModule } from './briefing/briefing.module.js';
import { BulkModule } from './bulk/bulk.module.js';
import { ClockModule } from './clock/clock.module.js';
import { DeadlineModule } from './deadline/deadline.module.js';
import { ExportModule } from './export/export.module.js';
import { FreezeModule } from './freeze/freeze.module.js';
import { IdentityModule } from './identity/identity.module.js';
import type { IdentitySettings } from './identity/identity.settings.js';
import { IncidentModule } from './incident/incident.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { MessageModule } from './message/message.module.js';
import { OrganizationModule } from './organization/organization.module.js';
import { OutcomeModule } from './outcome/outcome.module.js';
import { PlatformModule, type Platform } from './platform/platform.module.js';
import { ProtectionModule } from './protection/protection.module.js';
import { RankingModule } from './ranking/ranking.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { ReportModule } from './report/report.module.js';
import { ReturnsModule } from './returns/returns.module.js';
import { StopModule } from './stop/stop.module.js';
import { TimelineModule } from './timeline/timeline.module.js';
import { VerifyModule } from './verify/verify.module.js';
import { WebhookModule } from './webhook/webhook.module.js';

/** The modules in the order in which data goes through them; each knows itself and those before it. */
@Module({})
export class AppModule {
  static of(platform: Platform, identity?: Partial<IdentitySettings>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.of(platform),
        OrganizationModule,
        IdentityModule.with(identity),
        TimelineModule,
        DeadlineModule,
        AlertModule,
        LedgerModule,
        AssignmentModule,
        IntakeModule,
        IncidentModule,
        OutcomeModule,
        BulkModule,
        ProtectionModule,
        StopModule,
        FreezeModule,
        ReturnsModule,
        ClockModule,
        MessageModule,
        RealtimeModule,
        WebhookModule,
        ReportModule,
        RankingModule,
        BriefingModule,
        ExportModule,
        VerifyModule,
      ],
    };
  }
}
