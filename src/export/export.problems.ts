import { defineProblem } from '../platform/http/problem.js';

export const exportNotReady = defineProblem('export-not-ready', 409, 'The export has no file', '导出文件不可用');
export const tooManyExports = defineProblem(
  'too-many-exports',
  409,
  'Too many of your exports are not finished, or kept',
  '未完成的导出任务或保留的导出文件过多',
);
