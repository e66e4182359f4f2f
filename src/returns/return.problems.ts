import { fourEyes } from '../freeze/approval.problems.js';
import { conflict, defineProblem, notFound, type Problem } from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';

export const illegalReturn = defineProblem(
  'illegal-return-step',
  409,
  'The return is not in a state for this',
  '返还当前状态不允许此操作',
);
export const freezeNotEffective = defineProblem(
  'freeze-not-effective',
  409,
  'Money is returned from an effective freeze only',
  '冻结未生效或已失效,不能返还',
);
export const claimedTwiceProblem = defineProblem(
  'claimed-twice',
  409,
  'The loss is claimed already',
  '该损失已申请返还',
);
export const methodNotPossible = defineProblem(
  'method-not-possible',
  409,
  'The money cannot be returned by this method',
  '不能采用该返还方式',
);
export const notEnoughFrozen = defineProblem(
  'not-enough-frozen',
  409,
  'Less is frozen than would be returned',
  '冻结余额不足',
);
export const objectionOpen = defineProblem('objection-open', 409, 'An objection is not decided yet', '异议尚未处理');
export const tooEarly = defineProblem('return-too-early', 409, 'The notice has not ended yet', '公告期未满');
export const alreadyPaid = defineProblem('already-paid', 409, 'The claim has been paid', '该笔已支付');
export const notPaid = defineProblem('not-paid', 409, 'The claim has not been paid', '该笔未支付');
export const nothingAllotted = defineProblem('nothing-allotted', 409, 'The claim gets nothing', '该笔无应返还金额');
export const noDocument = defineProblem(
  'no-document-yet',
  409,
  'There is nothing to put into this document yet',
  '尚不能生成该文书',
);

mapConstraint('fund_return_four_eyes_ck', fourEyes, 'A return is decided by another person than who proposed it.');
mapConstraint(
  'ledger_return_ck',
  conflict,
  'The claim may not be paid now: read the return again. It is paid once, after the notice, with no objection open.',
);

/** The same for what does not exist and for what lies outside the caller's jurisdiction. */
export function noSuchReturn(): Problem {
  return notFound.with('There is no such return in your jurisdiction. Check the id: GET /returns lists them.');
}

export function noSuchFreeze(): Problem {
  return notFound.with('There is no such freeze in your jurisdiction. Check the id: GET /freezes lists them.');
}
