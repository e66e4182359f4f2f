const CONTEXT = 3;
const SHOWN = 20;

/** Where two texts begin to differ and what each says there, in the manner of a unified diff; long parts are cut. */
export function difference(path: string, before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return [
    `--- ${path}`,
    `+++ ${path} (generated)`,
    `@@ line ${start + 1} @@`,
    ...old.slice(Math.max(0, start - CONTEXT), start).map((line) => ` ${line}`),
    ...marked('-', old.slice(start, old.length - end)),
    ...marked('+', now.slice(start, now.length - end)),
    ...now.slice(now.length - end, now.length - end + CONTEXT).map((line) => ` ${line}`),
  ].join('\n');
}

function marked(mark: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, SHOWN).map((line) => `${mark}${line}`);
  return lines.length > SHOWN ? [...shown, `${mark}… ${lines.length - SHOWN} more lines`] : shown;
}
