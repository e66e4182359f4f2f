import pg from 'pg';
import { session, type Database, type Tx } from '../../src/platform/database/database.js';
import type { Recorded } from './recorder.js';

/** Tables that grow for ever: reading one from end to end is never right. */
const GROWING = new Set(['alert', 'assignment', 'event', 'attempt', 'outcome', 'follow_up']);
const who = session({ actor: 'bench', agency_path: '', roles: 'system' });

/** What PostgreSQL did for a statement. */
export interface Plan {
  /** `generic`: a prepared statement's plan for whatever values, which PostgreSQL may keep to after five runs. */
  readonly kind: 'custom' | 'generic';
  /** Shared buffers touched, in memory or not: 8 KiB each. */
  readonly buffers: number;
  readonly rows: number;
  readonly milliseconds: number;
  readonly indexes: readonly string[];
  /** Growing tables that were read from end to end. */
  readonly scanned: readonly string[];
}

/** A node of EXPLAIN's JSON, as far as it is asked here. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

interface Explained {
  'QUERY PLAN': [{ Plan: PlanNode; 'Execution Time': number }];
}

/** Explains a statement with its values; a prepared one in both ways that it may be planned, of which the worse counts. */
export async function explain(database: Database, { name, text, values }: Recorded): Promise<Plan> {
  return database.readAlone(who, async (tx) => {
    // Prepared, so that the types of parameters are found as they are for the product.
    await tx.adHoc(`PREPARE explained AS ${text}`);
    try {
      const execute = `EXECUTE explained${values.length > 0 ? ` (${values.map(literal).join(', ')})` : ''}`;
      const custom = await planOf(tx, execute, 'custom');
      if (name === undefined) return custom;
      const generic = await planOf(tx, execute, 'generic');
      return worse(custom, generic);
    } finally {
      await tx.adHoc('DEALLOCATE explained');
    }
  });
}

async function planOf(tx: Tx, execute: string, kind: Plan['kind']): Promise<Plan> {
  await tx.adHoc(`SET LOCAL plan_cache_mode = force_${kind}_plan`);
  const [answer] = await tx.adHoc<Explained>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${execute}`);
  const { Plan: root, 'Execution Time': milliseconds } = answer!['QUERY PLAN'][0];
  const nodes = [...nodesOf(root)];
  return {
    kind,
    buffers: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
    rows: root['Actual Rows'],
    milliseconds,
    indexes: distinct(nodes.map((node) => node['Index Name'])),
    scanned: distinct(
      nodes
        .filter((node) => node['Node Type'] === 'Seq Scan' && GROWING.has(node['Relation Name']!))
        .map((node) => node['Relation Name']),
    ),
  };
}

function worse(custom: Plan, generic: Plan): Plan {
  if (custom.scanned.length !== generic.scanned.length)
    return custom.scanned.length > generic.scanned.length ? custom : generic;
  return generic.buffers > custom.buffers ? generic : custom;
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const below of node.Plans ?? []) yield* nodesOf(below);
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** EXECUTE takes no parameters from outside: values are written as the driver would send them. */
function literal(value: unknown): string {
  return value === null || value === undefined ? 'NULL' : pg.escapeLiteral(textOf(value));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(elementOf).join(',')}}`;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return String(value);
}

function elementOf(value: unknown): string {
  return value === null ? 'NULL' : `"${textOf(value).replace(/["\\]/g, '\\$&')}"`;
}
