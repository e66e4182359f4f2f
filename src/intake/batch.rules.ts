import { escapePointer } from '../platform/http/json-body.js';
import { invalid, type Fault } from '../platform/http/problem.js';

const MOST_ITEMS = 1_000;
const WORDS = { alerts: 'signals', incidents: 'incidents' };

/** @throws Problem `invalid` where the body is not `{[name]: [1…1000]}` */
export function itemsOf(body: unknown, name: keyof typeof WORDS): unknown[] {
  const faults: Fault[] = [];
  const raw = (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}) as Record<
    string,
    unknown
  >;
  for (const field of Object.keys(raw)) {
    if (field !== name) faults.push({ pointer: `/${escapePointer(field)}`, message: 'is not a field of this request' });
  }
  const items = raw[name];
  const words = WORDS[name];
  if (!Array.isArray(items)) faults.push({ pointer: `/${name}`, message: `must be a list of ${words}` });
  else if (items.length === 0 || items.length > MOST_ITEMS) {
    faults.push({ pointer: `/${name}`, message: `must hold 1 to ${MOST_ITEMS} ${words}, not ${items.length}` });
  }
  if (faults.length > 0) throw invalid.with('The batch is not right: see errors.', { errors: faults.slice(0, 100) });
  return items as unknown[];
}
