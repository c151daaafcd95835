import type { PlanReason } from '../../contract/plan.ts';

/** The source is not fit for air: an answer, not a fault of ours. The plan becomes `rejected` with this reason. */
export class Rejection extends Error {
  readonly reason: PlanReason;

  constructor(reason: PlanReason, cause?: unknown) {
    super(reason.message, cause === undefined ? {} : { cause });
    this.name = 'Rejection';
    this.reason = reason;
  }
}
