import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { staleVersion } from './problem.js';

export type IfMatch = string | undefined;

/** The If-Match header of the request, as sent. */
export const IfMatchHeader = createParamDecorator((_: unknown, context: ExecutionContext): IfMatch => {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  return Array.isArray(value) ? value.join(',') : value;
});

export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Holds a change against the version that its author had read.
 * @throws Problem `stale-version`
 */
export function requireVersion(ifMatch: IfMatch, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const given = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!given.includes(etagOf(version))) {
    throw staleVersion.with(
      `The record is at version ${version} now, not at the one that you read. Read it again, then decide.`,
      {
        headers: { etag: etagOf(version) },
      },
    );
  }
}
