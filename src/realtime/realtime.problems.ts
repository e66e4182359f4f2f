import { defineProblem } from '../platform/http/problem.js';

export const tooManyStreams = defineProblem(
  'too-many-streams',
  429,
  'You have too many event streams open',
  '您打开的事件流过多',
);
export const noStreamNow = defineProblem(
  'no-stream-now',
  503,
  'The server takes no more event streams at the moment',
  '服务器暂不接受新的事件流',
);
