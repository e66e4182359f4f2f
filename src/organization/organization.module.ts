import { Module } from '@nestjs/common';
import { AgencyController } from './agency.controller.js';
import { AgencyService } from './agency.service.js';
import { AgencyStore } from './agency.store.js';
import { FraudTypeController } from './fraud-type.controller.js';
import { FraudTypeService } from './fraud-type.service.js';
import { OrganizationRegistry } from './organization.registry.js';
import { PolicyController } from './policy.controller.js';
import { PolicyRegistry } from './policy.registry.js';
import { PolicyService } from './policy.service.js';
import { PolicyStore } from './policy.store.js';
import { PopulationService } from './population.service.js';
import { PopulationStore } from './population.store.js';
import { PolicyVersionService } from './policy-version.service.js';
import { SeedService } from './seed.service.js';
import { SeedStore } from './seed.store.js';

/** Needs a `ChangeRecorder` and an `ActorDirectory`, which a later module provides globally. */
@Module({
  controllers: [AgencyController, FraudTypeController, PolicyController],
  providers: [
    OrganizationRegistry,
    PolicyRegistry,
    AgencyStore,
    AgencyService,
    FraudTypeService,
    PolicyStore,
    PolicyService,
    PolicyVersionService,
    PopulationStore,
    PopulationService,
    SeedStore,
    SeedService,
  ],
  exports: [OrganizationRegistry, PolicyRegistry, SeedService],
})
export class OrganizationModule {}
