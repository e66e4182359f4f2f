import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { untilStopped } from '../src/cli/signals.js';
import { batchIntake } from './lines/batch-intake.js';
import { explain } from './lines/explain.js';
import { files } from './lines/files.js';
import { clocks } from './lines/clocks.js';
import { keeping } from './lines/keeping.js';
import { reports } from './lines/reports.js';
import { verify } from './lines/verify.js';
import { singleIntake } from './lines/single-intake.js';
import { subscribers } from './lines/subscribers.js';
import { transition } from './lines/transition.js';
import { Environment } from './support/environment.js';
import type { Line } from './support/measure.js';
import type { PlanLine } from './support/plans.js';
import type { TimesLine } from './support/times.js';
import { lineText } from './support/table.js';

/** `npm run bench` – the table of how fast this is, measured beside what the machine can do. See docs/bench.md. */
const LINES: Record<
  string,
  (environment: Environment, progress: (text: string) => void) => Promise<Line | PlanLine | TimesLine>
> = {
  'batch-intake': batchIntake,
  transition,
  'single-intake': singleIntake,
  clocks,
  subscribers,
  files,
  explain,
  reports,
  keeping,
  verify,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    repeats: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    alerts: { type: 'string', default: '200000' },
    profile: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !LINES[name]);
if (unknown.length > 0) {
  console.error(`There is no line ${unknown.join(', ')}: there are ${Object.keys(LINES).join(', ')}.`);
  process.exit(2);
}

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
};
const environment = await Environment.open({
  repeats: Number(values.repeats),
  seconds: Number(values.seconds),
  alerts: Number(values.alerts),
  profileTo: values.profile,
});
void untilStopped().then(async () => {
  await environment.close();
  process.exit(130);
});
try {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    postgresql: environment.version,
  };
  if (!values.json) {
    console.log(`${machine.cpus} × ${machine.model}, Node ${machine.node}, PostgreSQL ${machine.postgresql} (durable)`);
    console.log(`Medians of ${values.repeats} repeats (least – most).\n`);
  }
  const lines: (Line | PlanLine | TimesLine)[] = [];
  for (const [name, run] of Object.entries(LINES)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const line = await run(environment, progress);
    lines.push(line);
    progress('');
    // A rate depends on the machine; a plan does not.
    if ('plans' in line && !line.met) process.exitCode = 1;
    if (!values.json) console.log(lineText(line));
  }
  if (values.json) console.log(JSON.stringify({ machine, lines }, undefined, 2));
} finally {
  await environment.close();
}
process.exit(process.exitCode ?? 0);
