import { mapConstraint } from '../platform/http/problem.filter.js';
import { defineProblem } from '../platform/http/problem.js';

export const codeTaken = defineProblem('agency-code-taken', 409, 'The agency code is taken', '单位代码已被占用');
export const areaTaken = defineProblem(
  'area-taken',
  409,
  'Another agency covers this division',
  '该行政区划已由其他单位负责',
);
export const agencyInUse = defineProblem(
  'agency-in-use',
  409,
  'Agencies below depend on this one',
  '下级单位仍在使用,无法执行',
);
export const policyExists = defineProblem(
  'policy-exists',
  409,
  'A policy takes effect at that moment already',
  '该生效时间已存在策略版本',
);
export const unknownCity = defineProblem('unknown-city', 422, 'There is no such city', '城市代码不存在');
export const seedConflict = defineProblem(
  'seed-conflict',
  409,
  'An agency stands where the divisions have another',
  '已有单位与行政区划数据冲突',
);

mapConstraint('agency_code_uq', codeTaken, 'An agency has this code already. Choose another.');
mapConstraint(
  'agency_area_pk',
  areaTaken,
  'Another agency of the same tier covers one of these divisions. Take it off that agency first.',
);
mapConstraint(
  'policy_pk',
  policyExists,
  'A policy of this kind takes effect at that very moment already, and versions are never rewritten. Choose another moment.',
);
