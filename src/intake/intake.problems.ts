import { defineProblem } from '../platform/http/problem.js';

export const sourceRefConflict = defineProblem(
  'source-ref-conflict',
  409,
  'The source reference stands for another signal',
  '该来源编号已用于内容不同的预警',
);
export const unreadableFile = defineProblem(
  'unreadable-file',
  422,
  'The file cannot be read as a table',
  '文件无法识别',
);
