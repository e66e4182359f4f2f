import { toProblem } from '../../src/platform/http/problem.filter.js';

test('what PostgreSQL gives up on says that nothing was changed, and how the answer can be had', () => {
  const { kind, message } = toProblem(Object.assign(new Error('canceling statement'), { code: '57014' }));
  expect([kind.status, kind.code]).toEqual([503, 'takes-too-long']);
  expect(message).toMatch(/nothing was changed\..*fewer days.*POST \/exports/);
});
