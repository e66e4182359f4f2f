import { defineProblem } from '../platform/http/problem.js';

export const tooManyWebhooks = defineProblem(
  'too-many-webhooks',
  409,
  'The agency has as many webhooks as it may have',
  '本机构的回调地址已达上限',
);
