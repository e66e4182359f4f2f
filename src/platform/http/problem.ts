/** One fault of the input: a JSON Pointer to the field, and what to do about it. */
export interface Fault {
  pointer: string;
  message: string;
}

/** A kind of problem: its stable code, status and titles. Listed in the OpenAPI document and in docs/errors.md. */
export class ProblemKind {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly title: string,
    readonly titleZh: string,
  ) {}

  /**
   * @param detail one sentence that tells the caller what is wrong and what to do; never personal data
   * @param members further members of the answer, e.g. `allowed`
   */
  with(
    detail: string,
    more: { errors?: Fault[]; members?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ): Problem {
    return new Problem(this, detail, more);
  }
}

const kinds = new Map<string, ProblemKind>();

/** Declares a kind once; each module keeps its own beside its rules, in `*.problems.ts`. */
export function defineProblem(code: string, status: number, title: string, titleZh: string): ProblemKind {
  if (kinds.has(code)) throw new Error(`problem code ${code} is declared twice`);
  const kind = new ProblemKind(code, status, title, titleZh);
  kinds.set(code, kind);
  return kind;
}

export function allProblemKinds(): ProblemKind[] {
  return [...kinds.values()].sort((a, b) => a.code.localeCompare(b.code));
}

/** Thrown anywhere; the one filter turns it into `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: Fault[] | undefined;
  readonly members: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    more: { errors?: Fault[]; members?: Record<string, unknown>; headers?: Record<string, string> },
  ) {
    super(detail);
    this.errors = more.errors;
    this.members = more.members ?? {};
    this.headers = more.headers ?? {};
  }
}

export const malformed = defineProblem('malformed-request', 400, 'The request cannot be read', '请求格式有误,无法解析');
export const unauthenticated = defineProblem('unauthenticated', 401, 'Sign in first', '请先登录');
export const forbidden = defineProblem('forbidden', 403, 'Your role may not do this', '您的角色无权执行此操作');
export const notFound = defineProblem('not-found', 404, 'Not found', '未找到');
export const methodNotAllowed = defineProblem('method-not-allowed', 405, 'Method not allowed', '不支持该请求方法');
export const conflict = defineProblem('conflict', 409, 'Another change came first', '已被他人修改,请刷新后重试');
export const staleVersion = defineProblem(
  'stale-version',
  412,
  'The record has changed since you read it',
  '记录已更新,请刷新后重试',
);
export const tooLarge = defineProblem('too-large', 413, 'The request is too large', '请求内容过大');
export const unsupportedMedia = defineProblem(
  'unsupported-media-type',
  415,
  'This content type is not taken',
  '不支持的内容类型',
);
export const invalid = defineProblem('invalid', 422, 'Some fields are not right', '部分字段有误');
export const invalidCursor = defineProblem('invalid-cursor', 422, 'The cursor is not of this list', '分页游标无效');
export const idempotencyReused = defineProblem(
  'idempotency-key-reused',
  422,
  'The Idempotency-Key was used for another request',
  '幂等键已用于其他请求',
);
export const idempotencyInFlight = defineProblem(
  'idempotency-in-flight',
  409,
  'The first request with this Idempotency-Key is still running',
  '相同幂等键的请求正在处理中',
);
export const tooManyRequests = defineProblem('too-many-requests', 429, 'Too many requests', '请求过于频繁');
export const internalError = defineProblem('internal-error', 500, 'Something went wrong on our side', '服务器内部错误');
export const takesTooLong = defineProblem(
  'takes-too-long',
  503,
  'The answer takes too long to make',
  '查询耗时过长,请缩小范围或改用后台导出',
);
export const unavailable = defineProblem(
  'unavailable',
  503,
  'The database cannot be reached',
  '数据库暂不可用,请稍后重试',
);
