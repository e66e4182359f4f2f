import { Module } from '@nestjs/common';
import { FeedView } from './feed.view.js';

@Module({ providers: [FeedView], exports: [FeedView] })
export class FeedModule {}
