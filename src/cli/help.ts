import { InvalidArgumentError, type Command } from 'commander';

/** Adds calls to copy to a command's help. */
export function examples(command: Command, ...calls: readonly string[]): Command {
  return command.addHelpText('after', ['\nExamples:', ...calls.map((call) => `  ${call}`)].join('\n'));
}

/** Several values of one option, with commas: `officer,supervisor`. */
export function listOf(text: string): string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean);
  if (values.length === 0) throw new InvalidArgumentError('Name at least one.');
  return [...new Set(values)];
}
