import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { DeadlineModule } from '../deadline/deadline.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { ProtectionController } from './protection.controller.js';
import { ProtectionPresenter } from './protection.presenter.js';
import { ProtectionService } from './protection.service.js';
import { ProtectionStore } from './protection.store.js';
import { ProtectionView } from './protection.view.js';

@Module({
  imports: [OrganizationModule, AlertModule, DeadlineModule],
  controllers: [ProtectionController],
  providers: [ProtectionService, ProtectionPresenter, ProtectionStore, ProtectionView],
})
export class ProtectionModule {}
