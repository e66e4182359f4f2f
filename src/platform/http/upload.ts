import { createHash, type Hash } from 'node:crypto';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { escapePointer } from './json-body.js';
import { Problem, invalid, malformed, tooLarge, unsupportedMedia } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * What stands for `rawBody` where the body is read as it streams in: a digest of its content, once all of it is
     * here. undefined where it broke off.
     */
    bodyDigest?: () => Promise<Buffer | undefined>;
  }
}

const LONGEST_FILE_NAME = 255;

/**
 * One file that comes as multipart/form-data, read as it streams in and kept nowhere. Text fields may stand before or
 * after it. Whatever nobody reads is drained, so that a client which sends before it listens gets its answer.
 */
export class Upload {
  private readonly hash: Hash = createHash('sha256');
  private readonly texts = new Map<string, string>();
  private parts: AsyncIterator<Multipart> | undefined;
  private part: MultipartFile | undefined;
  private fileEnded = false;
  private broken = false;
  private draining: Promise<void> | undefined;
  private digested: Promise<Buffer | undefined> | undefined;

  private constructor(private readonly request: FastifyRequest) {
    request.bodyDigest = () => this.digest();
  }

  /** @throws Problem `unsupported-media-type` */
  static of(request: FastifyRequest): Upload {
    if (!request.isMultipart())
      throw unsupportedMedia.with('Send multipart/form-data with the file in the field `file`.');
    return new Upload(request);
  }

  /** Bytes that the client says it sends, with what multipart adds to them; undefined where it does not say. */
  get declaredBytes(): number | undefined {
    const length = this.request.headers['content-length'];
    return length === undefined ? undefined : Number(length);
  }

  /** As the client calls it, without a path; cut where it is longer than any real one. */
  get fileName(): string {
    return (this.part?.filename ?? '').slice(0, LONGEST_FILE_NAME);
  }

  /**
   * Waits for the file.
   * @throws Problem `malformed-request` where there is none, `invalid` for a field that nobody asked for
   */
  async open(fileField: string, textFields: readonly string[]): Promise<void> {
    for (;;) {
      const part = await this.next();
      if (!part)
        throw malformed.with(`There is no file. Send it as multipart/form-data in the field \`${fileField}\`.`);
      if (part.type === 'file' && part.fieldname === fileField) {
        this.part = part;
        return;
      }
      this.take(part, textFields, fileField);
    }
  }

  /**
   * The file.
   * @throws Problem `malformed-request` where it breaks off, `too-large`
   */
  async *bytes(): AsyncGenerator<Buffer, void> {
    const { file } = this.part!;
    if (this.fileEnded) return;
    try {
      // Whoever stops reading leaves the rest to `drain`; a destroyed stream would leave it in the socket.
      for await (const chunk of file.iterator({ destroyOnReturn: false })) {
        this.hash.update(chunk as Buffer);
        yield chunk as Buffer;
      }
    } catch {
      this.broken = true;
      throw brokenOff();
    }
    this.fileEnded = true;
    if (file.truncated)
      throw tooLarge.with('The file is larger than this operation takes. Split it into several files.');
  }

  /**
   * The text fields, when the file has been read.
   * @throws Problem `malformed-request`, `invalid` for a field that nobody asked for
   */
  async fields(textFields: readonly string[]): Promise<ReadonlyMap<string, string>> {
    for (let part = await this.next(); part; part = await this.next()) this.take(part, textFields);
    return this.texts;
  }

  /** Reads what is left and forgets it. */
  drain(): Promise<void> {
    return (this.draining ??= this.readRest());
  }

  private digest(): Promise<Buffer | undefined> {
    return (this.digested ??= this.drain().then(() => {
      if (this.broken) return undefined;
      // The boundary between the parts is another with each try, so it is not the bytes of the body that count.
      const said = JSON.stringify([this.fileName, [...this.texts].sort(), this.hash.digest('hex')]);
      return createHash('sha256').update(said).digest();
    }));
  }

  private async readRest(): Promise<void> {
    try {
      for (;;) {
        if (this.part) for await (const _ of this.bytes()) continue;
        const part = await this.next();
        if (!part) return;
        if (part.type === 'file') part.file.resume();
        else this.texts.set(part.fieldname, String(part.value));
      }
    } catch (error) {
      // Somebody else has told the client what is wrong already, or nobody listens any more.
      if (!(error instanceof Problem)) throw error;
    }
  }

  private take(part: Multipart, textFields: readonly string[], fileField?: string): void {
    if (part.type === 'file') {
      part.file.resume();
    } else if (textFields.includes(part.fieldname)) {
      this.texts.set(part.fieldname, String(part.value));
      return;
    }
    const message =
      part.fieldname === fileField ? 'must be a file, with a file name' : 'is not a field of this request';
    throw invalid.with('One field is not right: see errors.', {
      errors: [{ pointer: `/${escapePointer(part.fieldname)}`, message }],
    });
  }

  private async next(): Promise<Multipart | undefined> {
    this.parts ??= this.request.parts();
    try {
      const { done, value } = await this.parts.next();
      return done || !value ? undefined : value;
    } catch (error) {
      if ((error as { code?: string }).code === 'FST_FILES_LIMIT') throw malformed.with('Send one file at a time.');
      if (/^FST_(PARTS|FIELDS)_LIMIT$/.test((error as { code?: string }).code ?? '')) {
        throw malformed.with('There are more parts in the body than this operation takes.');
      }
      this.broken = true;
      throw brokenOff();
    }
  }
}

function brokenOff(): Problem {
  return malformed.with(
    'The multipart body is damaged, or broke off before its end. Nothing was taken over: send it again.',
  );
}

/** The file that comes with the request, in a controller's parameters. */
export const IncomingFile = createParamDecorator((_: unknown, context: ExecutionContext): Upload =>
  Upload.of(context.switchToHttp().getRequest<FastifyRequest>()),
);
