import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import {
  accountLocked,
  agencyClosed,
  keyExpired,
  keyRevoked,
  keyUnknown,
  passwordChangeRequired,
  sessionEnded,
  tokenExpired,
  tokenInvalid,
  totpEnrolmentRequired,
} from './identity/identity.problems.js';
import { ProblemAnswer } from './platform/http/operation.js';

/** The API's own description, OpenAPI 3.1. Committed as openapi.json; a check fails when code and document differ. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sanji 三级')
    .setDescription(
      'Carries every telecom-fraud warning through 市级组织推送 → 县级精准处置 → 乡镇上门劝阻. Money is in whole fen, moments are RFC 3339 with offset, errors are application/problem+json with a stable `code`.',
    )
    .setVersion('1')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'Officers: the accessToken of POST /auth/login.' },
      'bearer',
    )
    .addApiKey(
      { type: 'apiKey', name: 'X-API-Key', in: 'header', description: 'Machines: a key issued under /api-keys.' },
      'key',
    )
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('key')
    .addServer('/')
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ProblemAnswer] });
  addSignInProblems(document);
  return withoutNullable(document) as OpenAPIObject;
}

/** What whoever has to sign in can be told: the platform that describes operations does not know of signing in. */
const SIGN_IN_PROBLEMS = [
  tokenExpired,
  tokenInvalid,
  sessionEnded,
  keyUnknown,
  keyRevoked,
  keyExpired,
  accountLocked,
  agencyClosed,
  passwordChangeRequired,
  totpEnrolmentRequired,
];

function addSignInProblems(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      for (const kind of SIGN_IN_PROBLEMS) {
        const response = operation?.responses[String(kind.status)];
        if (!operation || operation.security?.length === 0 || !response || '$ref' in response) continue;
        response.description += `; \`${kind.code}\` ${kind.title}`;
      }
    }
  }
}

/** OpenAPI 3.0's `nullable` as 3.1 says it: `null` among the types. */
function withoutNullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNullable);
  if (node === null || typeof node !== 'object') return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withoutNullable(value)]),
  );
  if (nullable !== true) return rest;
  if (typeof rest['type'] === 'string') {
    const enumeration = Array.isArray(rest['enum']) ? { enum: [...(rest['enum'] as unknown[]), null] } : {};
    return { ...rest, ...enumeration, type: [rest['type'], 'null'] };
  }
  const { description, ...schema } = rest;
  return { ...(description ? { description } : {}), anyOf: [schema, { type: 'null' }] };
}
