import type { LocalDate } from '../platform/clock/local-date.js';

export const INSTITUTION_KINDS = ['bank', 'operator', 'other'] as const;
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];

export const MEASURES = ['warned', 'suspended'] as const;
export type Measure = (typeof MEASURES)[number];

/** An institution (a bank's outlet, an operator) that was warned or suspended. */
export interface InstitutionNotice {
  readonly id: string;
  readonly cityId: number;
  readonly kind: InstitutionKind;
  readonly institution: string;
  readonly measure: Measure;
  readonly reason: string;
  /** Inclusive local dates. */
  readonly fromDay: LocalDate;
  /** null: until it is lifted. */
  readonly untilDay: LocalDate | null;
  readonly liftedAt: Date | null;
}

export interface InstitutionNoticeEvent {
  readonly noticeId: string;
  readonly at: Date;
  readonly action: 'issued' | 'lifted';
  readonly actorId: string;
  readonly actorName: string;
  readonly text: string;
}
