/** One thing that must be so before the server takes work. */
export interface ReadinessCheck {
  name: string;
  /** Told, but no reason to take no work. */
  advisory?: boolean;
  /** @returns undefined where all is well, else a few words on what is not */
  check(): Promise<string | undefined>;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, string>;
}

const PATIENCE_MS = 2_000;

/** Asks every check at once; one that does not answer in time has failed. */
export async function readiness(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, advisory = false, check }) => ({ name, advisory, fault: await outcome(check) })),
  );
  return {
    ready: results.every(({ advisory, fault }) => advisory || fault === undefined),
    checks: Object.fromEntries(results.map(({ name, fault }) => [name, fault ?? 'ok'])),
  };
}

async function outcome(check: () => Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), PATIENCE_MS);
  });
  try {
    return await Promise.race([check(), patience]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

/** Everything that must be well for `/readyz`: whoever has background work adds its check when it starts. */
export class ReadinessChecks {
  private readonly checks: ReadinessCheck[] = [];

  add(...checks: ReadinessCheck[]): void {
    this.checks.push(...checks);
  }

  all(): readonly ReadinessCheck[] {
    return this.checks;
  }
}
