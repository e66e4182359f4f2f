import type { Plan } from '../explain/plan.js';

/** What one statement of the product was found to do. */
export interface PlanOf extends Plan {
  readonly name: string;
  /** Buffers that it may touch. */
  readonly bound: number;
  readonly met: boolean;
}

/** A line that judges plans instead of measuring rates. */
export interface PlanLine {
  readonly name: string;
  readonly title: string;
  readonly plans: readonly PlanOf[];
  readonly met: boolean;
  readonly notes: readonly string[];
}
