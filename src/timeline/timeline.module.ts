import { Module } from '@nestjs/common';
import { ChainVerifier } from './chain.verifier.js';
import { TimelineStore } from './timeline.store.js';
import { TimelineView } from './timeline.view.js';

@Module({
  providers: [TimelineStore, TimelineView, ChainVerifier],
  exports: [TimelineStore, TimelineView, ChainVerifier],
})
export class TimelineModule {}
