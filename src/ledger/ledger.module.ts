import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { LedgerController } from './ledger.controller.js';
import { LedgerService } from './ledger.service.js';
import { LedgerStore } from './ledger.store.js';
import { LedgerView } from './ledger.view.js';

@Module({
  imports: [OrganizationModule, AlertModule],
  controllers: [LedgerController],
  providers: [LedgerService, LedgerStore, LedgerView],
  exports: [LedgerStore, LedgerView],
})
export class LedgerModule {}
