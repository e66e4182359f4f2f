import { Module } from '@nestjs/common';
import { DeadlineRegistry } from './deadline.registry.js';
import { DeadlineStore } from './deadline.store.js';

@Module({ providers: [DeadlineRegistry, DeadlineStore], exports: [DeadlineRegistry, DeadlineStore] })
export class DeadlineModule {}
