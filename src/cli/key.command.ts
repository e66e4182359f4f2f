import type { Command } from 'commander';
import type { ApiKeyAnswer } from '../identity/api-key.dto.js';
import type { Role } from '../identity/role.js';
import { examples, listOf } from './help.js';
import { printResult, printRows, type Column } from './output.js';

interface AddOptions {
  agency: string;
  roles: string[];
  sources?: string[];
  name?: string;
  expires?: string;
  json?: boolean;
}

export function keyCommand(program: Command): void {
  const key = program
    .command('key')
    .summary('add, list and revoke API keys')
    .description('API keys, with which machines call. A key is shown once and kept as a hash.');
  examples(
    key,
    'sanji key add --agency 4113 --roles feed --sources national-platform',
    'sanji key list --agency 4113',
    'sanji key revoke 01907f2e-5c1b-7d8a-9f3c-6a1b2c3d4e5f',
  );
  examples(
    key
      .command('add')
      .summary('issue an API key')
      .description('Issues an API key and prints it, once.')
      .requiredOption('--agency <code>', 'code of the agency that it acts for')
      .requiredOption('--roles <roles>', 'feed, which stands alone; or officer, supervisor, with a comma', listOf)
      .option('--sources <sources>', 'of a feed: the sources that it hands in, with commas', listOf)
      .option('--name <text>', 'for people, to tell keys apart')
      .option('--expires <moment>', 'when it stops working, e.g. 2027-01-01T00:00:00+08:00; otherwise never')
      .option('--json', 'print JSON')
      .action(add),
    'sanji key add --agency 4113 --roles feed --sources national-platform,bank-centre --name "National platform"',
    'KEY=$(sanji key add --agency 4113 --roles officer --json | sed -n \'s/.*"key": "\\(.*\\)".*/\\1/p\')',
  );
  examples(
    key
      .command('list')
      .summary('list API keys')
      .description('Lists API keys, without the keys themselves.')
      .option('--agency <code>', 'only of this agency')
      .option('--json', 'print JSON')
      .action(list),
    'sanji key list --json',
  );
  examples(
    key
      .command('revoke')
      .summary('revoke an API key')
      .description('Revokes an API key: it stops working at once, for good.')
      .argument('<id>', 'id of the key, see "sanji key list"')
      .option('--json', 'print JSON')
      .action(revoke),
    'sanji key revoke 01907f2e-5c1b-7d8a-9f3c-6a1b2c3d4e5f',
  );
}

async function add({ agency, roles, sources, name, expires, json }: AddOptions): Promise<void> {
  const { withServices } = await import('./services.js');
  const { ApiKeyService } = await import('../identity/api-key.service.js');
  const { CreateApiKeyBody } = await import('../identity/api-key.dto.js');
  const issued = await withServices(async (services) => {
    const body = await services.checked(CreateApiKeyBody, {
      name: name ?? (sources ? sources.join(', ').slice(0, 60) : roles.join(', ')),
      agency,
      roles: roles as Role[],
      sources,
      expiresAt: expires,
    });
    return services.get(ApiKeyService).issue(await services.caller(), body);
  });
  const { key, ...known } = issued;
  const what = `${known.name}: ${known.roles.join(', ')} of ${known.agency.name} (${known.agency.code}), id ${known.id}.`;
  printResult(`${what}\nX-API-Key (shown this once): ${key}`, json === true, issued);
}

async function list({ agency, json }: { agency?: string; json?: boolean }): Promise<void> {
  const { withServices } = await import('./services.js');
  const { ApiKeyService } = await import('../identity/api-key.service.js');
  const { ApiKeyListQuery } = await import('../identity/api-key.dto.js');
  const keys = await withServices(async (services) => {
    const caller = await services.caller(agency);
    const query = await services.checked(ApiKeyListQuery, { agency, limit: 200 });
    const found: ApiKeyAnswer[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await services.get(ApiKeyService).list(caller, Object.assign(query, { cursor }));
      found.push(...page.items);
      if (page.nextCursor === null) return found;
      cursor = page.nextCursor;
    }
  });
  const state = (key: ApiKeyAnswer): string => {
    if (key.revokedAt) return `revoked ${key.revokedAt}`;
    return key.expiresAt ? `until ${key.expiresAt}` : 'active';
  };
  const columns: Column<ApiKeyAnswer>[] = [
    { title: 'id', value: (key) => key.id },
    { title: 'name', value: (key) => key.name },
    { title: 'key', value: (key) => `…${key.hint}` },
    { title: 'agency', value: (key) => key.agency.code },
    { title: 'roles', value: (key) => key.roles.join(', ') },
    { title: 'sources', value: (key) => key.sources.join(', ') },
    { title: 'state', value: state },
  ];
  printRows(keys, columns, json === true);
}

async function revoke(id: string, { json }: { json?: boolean }): Promise<void> {
  const { withServices } = await import('./services.js');
  const { ApiKeyService } = await import('../identity/api-key.service.js');
  const { ApiKeyPath } = await import('../identity/api-key.dto.js');
  const key = await withServices(async (services) => {
    const path = await services.checked(ApiKeyPath, { id });
    return services.get(ApiKeyService).revoke(await services.caller(), path.id);
  });
  printResult(`${key.name} (…${key.hint}) is revoked.`, json === true, key);
}
