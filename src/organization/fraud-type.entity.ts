import { EntitySchema } from 'typeorm';
import type { FraudType } from './fraud-type.js';

export const FraudTypeEntity = new EntitySchema<FraudType>({
  name: 'FraudType',
  tableName: 'fraud_type',
  columns: {
    code: { type: 'text', primary: true },
    nameZh: { type: 'text', name: 'name_zh' },
    nameEn: { type: 'text', name: 'name_en' },
    listYear: { type: 'smallint', name: 'list_year' },
    mpsRank: { type: 'smallint', name: 'mps_rank', nullable: true },
    olderLabels: { type: 'text', array: true, name: 'older_labels' },
  },
});
