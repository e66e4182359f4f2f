import type { Command } from 'commander';
import type { UserAnswer, UserWithPasswordAnswer } from '../identity/user.dto.js';
import type { Role } from '../identity/role.js';
import { examples, listOf } from './help.js';
import { printResult, printRows, type Column } from './output.js';
import { passwordFromStdin } from './stdin.js';

const ROLES = 'officer, supervisor, auditor, admin, security';

interface AddOptions {
  agency: string;
  roles: string[];
  displayName?: string;
  passwordStdin?: boolean;
  json?: boolean;
}

interface ListOptions {
  agency?: string;
  role?: string;
  locked?: boolean;
  json?: boolean;
}

export function userCommand(program: Command): void {
  const user = program
    .command('user')
    .summary('add, list, lock, unlock and reset users')
    .description('Users, as a security administrator keeps them over the API. The first administrators come this way.');
  examples(
    user,
    'sanji user add li.jing --agency 4113 --roles security',
    'sanji user list --agency 411322',
    'sanji user lock li.jing',
  );
  examples(
    user
      .command('add')
      .summary('add a user')
      .description(
        'Adds a user. Without --password-stdin a password is made, printed once, and to be changed at the first sign-in.',
      )
      .argument('<name>', 'name to sign in with')
      .requiredOption('--agency <code>', 'code of the agency, e.g. 4113 or 411322')
      .requiredOption('--roles <roles>', `one or several with commas: ${ROLES}`, listOf)
      .option('--display-name <text>', 'name that others see')
      .option('--password-stdin', 'read the password from standard input')
      .option('--json', 'print JSON')
      .action(add),
    'sanji user add li.jing --agency 4113 --roles admin --display-name 李静',
    'sanji user add wang.lei --agency 411322 --roles officer,supervisor --password-stdin < password.txt',
  );
  examples(
    user
      .command('list')
      .summary('list users')
      .description('Lists users, all or some.')
      .option('--agency <code>', 'only of this agency')
      .option('--role <role>', `only with this role: ${ROLES}`)
      .option('--locked', 'only those that are locked')
      .option('--json', 'print JSON')
      .action(list),
    'sanji user list',
    'sanji user list --role security --json',
  );
  const changes = [
    [
      'lock',
      'lock an account and end its sessions',
      'Ends every session of the account and lets nobody in until it is unlocked.',
    ],
    ['unlock', 'let a locked account in again', 'Ends a lock, by an administrator or after failed sign-ins.'],
  ] as const;
  for (const [name, summary, description] of changes) {
    examples(
      user
        .command(name)
        .summary(summary)
        .description(description)
        .argument('<name>', 'name that the user signs in with')
        .option('--json', 'print JSON')
        .action((username: string, options: { json?: boolean }) => change(name, username, options)),
      `sanji user ${name} li.jing`,
    );
  }
  examples(
    user
      .command('reset')
      .summary('give an account a new password')
      .description(
        'Gives an account a new password, to be changed at the next sign-in, ends its sessions and takes its second factor away.',
      )
      .argument('<name>', 'name that the user signs in with')
      .option('--password-stdin', 'read the password from standard input')
      .option('--json', 'print JSON')
      .action(reset),
    'sanji user reset li.jing',
  );
}

async function add(username: string, options: AddOptions): Promise<void> {
  const { agency, displayName, json } = options;
  const password = options.passwordStdin ? await passwordFromStdin() : undefined;
  const { withServices } = await import('./services.js');
  const { UserService } = await import('../identity/user.service.js');
  const { CreateUserBody } = await import('../identity/user.dto.js');
  const user = await withServices(async (services) => {
    const body = await services.checked(CreateUserBody, {
      username,
      agency,
      roles: options.roles as Role[],
      displayName,
      password,
    });
    return services.get(UserService).create(await services.caller(), body);
  });
  const what = `${user.username} was added to ${user.agency.name} (${user.agency.code}) as ${user.roles.join(', ')}.`;
  printUser(what, user, json);
}

async function list({ agency, role, locked, json }: ListOptions): Promise<void> {
  const { withServices } = await import('./services.js');
  const { UserService } = await import('../identity/user.service.js');
  const { UserListQuery } = await import('../identity/user.dto.js');
  const users = await withServices(async (services) => {
    const caller = await services.caller(agency);
    const query = await services.checked(UserListQuery, { agency, role: role as Role | undefined, locked, limit: 200 });
    const found: UserAnswer[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await services.get(UserService).list(caller, Object.assign(query, { cursor }));
      found.push(...page.items);
      if (page.nextCursor === null) return found;
      cursor = page.nextCursor;
    }
  });
  const columns: Column<UserAnswer>[] = [
    { title: 'user', value: (user) => user.username },
    { title: 'name', value: (user) => user.displayName },
    { title: 'agency', value: (user) => user.agency.code },
    { title: '', value: (user) => user.agency.name },
    { title: 'roles', value: (user) => user.roles.join(', ') },
    { title: 'state', value: (user) => (user.locked ? 'locked' : user.mustChangePassword ? 'new password' : 'active') },
  ];
  printRows(users, columns, json === true);
}

async function change(how: 'lock' | 'unlock', username: string, { json }: { json?: boolean }): Promise<void> {
  const { withServices } = await import('./services.js');
  const { UserService } = await import('../identity/user.service.js');
  const user = await withServices(async (services) => {
    const users = services.get(UserService);
    const caller = await services.caller();
    const { id } = await users.getByName(caller, username);
    return how === 'lock' ? users.lockAccount(caller, id) : users.unlockAccount(caller, id);
  });
  printUser(`${user.username} is ${user.locked ? 'locked' : 'not locked any more'}.`, user, json);
}

async function reset(username: string, options: { passwordStdin?: boolean; json?: boolean }): Promise<void> {
  const given = options.passwordStdin ? await passwordFromStdin() : undefined;
  const { withServices } = await import('./services.js');
  const { UserService } = await import('../identity/user.service.js');
  const user = await withServices(async (services) => {
    const users = services.get(UserService);
    const caller = await services.caller();
    const { id } = await users.getByName(caller, username);
    const { password, ...after } = await users.reset(caller, id, undefined, given);
    // Whoever gave the password knows it.
    return given === undefined ? { ...after, password } : after;
  });
  printUser(`${user.username} has a new password, to be changed at the next sign-in.`, user, options.json);
}

function printUser(sentence: string, user: UserWithPasswordAnswer, json: boolean | undefined): void {
  const password = user.password === undefined ? '' : `\nPassword (shown this once): ${user.password}`;
  printResult(sentence + password, json === true, user);
}
