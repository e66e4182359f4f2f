/**
 * Arrays for `unnest`, in PostgreSQL's binary format. The text that `pg` makes of an array (every element quoted and
 * escaped, bytes as hexadecimal digits) costs both sides more than anything else about a batch.
 */
export type ElementType = 'uuid' | 'text' | 'bytea' | 'boolean' | 'smallint' | 'integer' | 'bigint' | 'timestamptz';

/** Object ids of the types, the same in every PostgreSQL. */
const OIDS: Readonly<Record<ElementType, number>> = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  smallint: 21,
  integer: 23,
  text: 25,
  timestamptz: 1184,
  uuid: 2950,
};

const HEADER_BYTES = 20;
const LONGEST_FIXED = 16;
const NULL_LENGTH = -1;
/** 2000-01-01, where PostgreSQL counts microseconds from. */
const EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 2 ** 32;
const UUID_LENGTH = 36;
const HYPHEN = 45;
/** Values of hexadecimal digits by their character codes. */
const NIBBLES = Uint8Array.from({ length: 128 }, (_, code) => parseInt(String.fromCharCode(code), 16) || 0);

/** Grows to the longest array that was written; what is handed out is copied from it. */
let scratch = Buffer.allocUnsafe(64 * 1024);

/**
 * One field of many rows. Null or undefined is NULL; moments are Dates, uuids their usual text, bigints whole numbers up
 * to 2^53−1.
 * @returns what `pg` sends as it is, for a parameter of the type's array
 */
export function binaryColumn<Row>(type: ElementType, rows: readonly Row[], field: keyof Row): Buffer {
  let at = HEADER_BYTES;
  let nulls = 0;
  for (const row of rows) {
    const value = row[field];
    if (value === null || value === undefined) {
      room(at, 4);
      scratch.writeInt32BE(NULL_LENGTH, at);
      at += 4;
      nulls = 1;
    } else {
      at = write(type, value, at);
    }
  }
  scratch.writeInt32BE(rows.length > 0 ? 1 : 0, 0);
  scratch.writeInt32BE(nulls, 4);
  scratch.writeInt32BE(OIDS[type], 8);
  if (rows.length === 0) return Buffer.from(scratch.subarray(0, 12));
  scratch.writeInt32BE(rows.length, 12);
  scratch.writeInt32BE(1, 16);
  return Buffer.from(scratch.subarray(0, at));
}

/** Writes one element with its length before it. @returns where the next one begins */
function write(type: ElementType, value: unknown, at: number): number {
  const start = at + 4;
  let length: number;
  switch (type) {
    case 'text':
      room(start, 3 * (value as string).length);
      length = scratch.write(value as string, start);
      break;
    case 'bytea':
      room(start, (value as Buffer).length);
      length = (value as Buffer).copy(scratch, start);
      break;
    default:
      room(start, LONGEST_FIXED);
      length = writeFixed(type, value, start);
  }
  scratch.writeInt32BE(length, at);
  return start + length;
}

function writeFixed(type: Exclude<ElementType, 'text' | 'bytea'>, value: unknown, at: number): number {
  switch (type) {
    case 'uuid':
      return writeUuid(value as string, at);
    case 'boolean':
      return scratch.writeUInt8(value ? 1 : 0, at) - at;
    case 'smallint':
      return scratch.writeInt16BE(value as number, at) - at;
    case 'integer':
      return scratch.writeInt32BE(value as number, at) - at;
    case 'bigint':
      return writeInt64(value as number, at);
    case 'timestamptz':
      return writeInt64(((value as Date).getTime() - EPOCH_MS) * 1_000, at);
  }
}

function writeUuid(text: string, at: number): number {
  for (let place = 0, byte = at; place < UUID_LENGTH; place += 2, byte++) {
    if (text.charCodeAt(place) === HYPHEN) place++;
    scratch[byte] = (NIBBLES[text.charCodeAt(place)]! << 4) | NIBBLES[text.charCodeAt(place + 1)]!;
  }
  return LONGEST_FIXED;
}

/** Two halves are written four times as fast as one BigInt. */
function writeInt64(value: number, at: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number that JavaScript can hold`);
  const high = Math.floor(value / TWO_TO_32);
  scratch.writeInt32BE(high, at);
  scratch.writeUInt32BE(value - high * TWO_TO_32, at + 4);
  return 8;
}

function room(at: number, more: number): void {
  if (scratch.length >= at + more + 4) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + more + 4));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}
