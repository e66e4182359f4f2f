import { createApp } from '../app.js';
import { describeApi } from '../openapi.js';
import { Clock } from '../platform/clock/clock.js';
import { readConfig } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { allProblemKinds } from '../platform/http/problem.js';
import { createLogger } from '../platform/log/logger.js';

/** openapi.json as the application serves it. */
export async function apiDocument(databaseUrl: string): Promise<string> {
  const keys = Keyring.generate('generate');
  const config = readConfig({ SANJI_KEYS: keys, SANJI_LOG_LEVEL: 'silent' });
  const { app, close } = await createApp({
    config,
    url: databaseUrl,
    keyring: Keyring.parse(keys),
    clock: new Clock(),
    logger: createLogger('silent'),
    background: false,
  });
  try {
    return `${JSON.stringify(describeApi(app), null, 2)}\n`;
  } finally {
    await close();
  }
}

/** docs/errors.md: every code that a problem can carry. Complete, because loading the application declares them all. */
export function errorList(): string {
  const rows = allProblemKinds().map(
    ({ code, status, title, titleZh }) => `| \`${code}\` | ${status} | ${title} | ${titleZh} |`,
  );
  return `# Errors

Every error is \`application/problem+json\` (RFC 9457) with a stable \`code\`; \`detail\` says what to do this time. Made by
\`npm run generate\` from the code; the API document lists which operation answers which.

| code | status | means | 中文 |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
