import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Type as Class } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { invalid, invalidCursor, type Fault } from './problem.js';

/** What every list takes. */
export class PageQuery {
  @ApiPropertyOptional({ description: 'Items on a page.', default: 50, minimum: 1, maximum: 200 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  cursor?: string;

  @ApiPropertyOptional({ description: 'true adds `total`.', default: false })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  count: boolean = false;
}

/**
 * A list as a file is whole: nothing is cut off, whatever `limit` says.
 * @throws Problem `invalid` for what asks for a part of it
 */
export function requireWhole({ cursor, count }: PageQuery): void {
  const errors: Fault[] = [];
  if (cursor !== undefined) errors.push({ pointer: '/cursor', message: 'goes with format=json: a file has every row' });
  if (count) errors.push({ pointer: '/count', message: 'goes with format=json: a file has every row' });
  if (errors.length > 0) throw invalid.with('A file is not given out in pages: see errors.', { errors });
}

/** What every list answers. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}

/** The class of a list's answer without a total: `class HopPage extends PartOf(HopAnswer) {}`. */
export function PartOf<T>(Item: Class<T>): Class<Omit<Page<T>, 'total'>> {
  class Part {
    @ApiProperty({ type: [Item] })
    items!: T[];
    @ApiProperty({
      type: String,
      nullable: true,
      description: 'Send it as `cursor` for the next page; null on the last.',
    })
    nextCursor!: string | null;
  }
  return Part;
}

/**
 * The class of a list's answer: `class AlertPage extends PageOf(AlertAnswer) {}`.
 * @param total what the total is, where it is not plainly the number of items
 */
export function PageOf<T>(Item: Class<T>, total = 'Only with count=true.'): Class<Page<T>> {
  class Whole extends PartOf(Item) {
    @ApiPropertyOptional({ type: 'integer', description: total })
    total?: number;
  }
  return Whole;
}

/**
 * Opaque cursors: the position in a list, signed together with the query it belongs to, so that a forged cursor or
 * one of another query is refused.
 */
export class Cursors {
  constructor(private readonly key: Buffer) {}

  encode(query: unknown, position: unknown[]): string {
    const body = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${body}.${this.sign(query, body)}`;
  }

  /** @throws Problem `invalid-cursor` */
  decode(query: unknown, cursor: string): unknown[] {
    const [body = '', mac = ''] = cursor.split('.');
    const expected = Buffer.from(this.sign(query, body));
    const given = Buffer.from(mac);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      throw invalidCursor.with(
        'This cursor is not of this list. Start again without cursor, with the same filters on every page.',
      );
    }
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown[];
  }

  /** Cuts one row more than the page out of a result and makes the cursor of the next page. */
  page<Row, Item>(
    query: unknown,
    limit: number,
    rows: Row[],
    position: (row: Row) => unknown[],
    item: (row: Row) => Item,
  ): Page<Item> {
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(item),
      nextCursor: rows.length > limit && last ? this.encode(query, position(last)) : null,
    };
  }

  private sign(query: unknown, body: string): string {
    return createHmac('sha256', this.key)
      .update(canonical(query))
      .update('\0')
      .update(body)
      .digest('base64url')
      .slice(0, 22);
  }
}

/** The same text for the same query, in whatever order its parameters came. */
function canonical(query: unknown): string {
  return JSON.stringify(query, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
