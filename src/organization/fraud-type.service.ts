import { Injectable } from '@nestjs/common';
import { Cursors, type Page, type PageQuery } from '../platform/http/page.js';
import { fraudTypeAnswer, type FraudTypeAnswer } from './fraud-type.dto.js';
import { fraudTypeSortKey } from './fraud-type.js';
import { memoryPage } from './memory-page.js';
import { OrganizationRegistry } from './organization.registry.js';

@Injectable()
export class FraudTypeService {
  constructor(
    private readonly registry: OrganizationRegistry,
    private readonly cursors: Cursors,
  ) {}

  /** The most frequent first. @throws Problem `invalid-cursor` */
  async list(query: PageQuery): Promise<Page<FraudTypeAnswer>> {
    const { fraudTypes } = await this.registry.current();
    return memoryPage(
      this.cursors,
      ['fraud-types'],
      query,
      [...fraudTypes.values()],
      fraudTypeSortKey,
      fraudTypeAnswer,
    );
  }
}
