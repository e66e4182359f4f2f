import { conflict, defineProblem } from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';

export const monthNotOver = defineProblem('month-not-over', 409, 'The month has not ended yet', '该月尚未结束');
export const nothingNew = defineProblem(
  'nothing-new',
  409,
  'The last edition says the same',
  '与上一版内容相同,无需再次发布',
);
export const cardState = defineProblem(
  'card-state',
  409,
  'The state of the card does not allow this',
  '该牌当前状态不允许此操作',
);
export const noticeLifted = defineProblem('notice-lifted', 409, 'The notice has been lifted already', '该通报已解除');

mapConstraint('published_edition_uq', conflict, 'Another edition was published at this very moment. Read it first.');
