import { text } from 'node:stream/consumers';
import { UsageError } from './failure.js';

/** The password on standard input, without the end of its line. @throws UsageError where there is none */
export async function passwordFromStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UsageError(
      '--password-stdin reads from a pipe or a file, so that the password is not seen: … --password-stdin < file',
    );
  }
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('There is no password on standard input.');
  return password;
}
