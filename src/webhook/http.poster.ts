import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';
import { CONFIG } from '../platform/platform.module.js';
import { Allowance, hostOf, urlFault } from './address.rules.js';
import { HostResolver, type HostAddress } from './host.resolver.js';

/** Finding the host, connecting, sending and being answered, all of it together. */
export const DEADLINE_MS = 10_000;
/** What a receiver has to say beyond its status is read, so that it may finish, up to here, and thrown away. */
const MOST_ANSWER_BYTES = 64 * 1024;

/** How an attempt ended: delivered with any 2xx. */
export interface Posted {
  delivered: boolean;
  /** The HTTP status, or `timeout`, `address-not-allowed`, `unknown-host`, `tls`, `connection`. Nothing that the receiver wrote. */
  result: string;
}

/** A failure with the word that is shown for it. */
export class PostFailure extends Error {
  override readonly name = 'PostFailure';
  constructor(readonly result: 'timeout' | 'address-not-allowed' | 'unknown-host') {
    super(result);
  }
}

/**
 * Sends to addresses that strangers chose. The host's addresses are found by us, every one of them is checked, and the
 * connection goes to one that was checked: a name that resolves to another address the next time gains nothing.
 * Redirects are answers like any other.
 */
@Injectable()
export class HttpPoster {
  readonly allowance: Allowance;
  private readonly httpsOnly: boolean;

  constructor(
    private readonly resolver: HostResolver,
    @Inject(CONFIG) config: Pick<Config, 'webhookAllowPrivate' | 'production'>,
  ) {
    this.allowance = new Allowance(config.webhookAllowPrivate);
    this.httpsOnly = config.production;
  }

  /** What is wrong with the URL of a new webhook; undefined where it can be sent to. */
  async faultOf(text: string): Promise<string | undefined> {
    const fault = urlFault(text, this.allowance, this.httpsOnly);
    if (fault !== undefined) return fault;
    try {
      await within(DEADLINE_MS, this.checkedAddresses(hostOf(new URL(text))));
      return undefined;
    } catch (error) {
      return resultOf(error) === 'address-not-allowed'
        ? 'must not lead to a private address (SANJI_WEBHOOK_ALLOW_PRIVATE lists those that may be called)'
        : 'has a host that cannot be found at the moment';
    }
  }

  /** Sends one attempt. Never throws: how it ended is the answer. */
  async post(text: string, headers: Record<string, string>, body: string, deadlineMs = DEADLINE_MS): Promise<Posted> {
    if (urlFault(text, this.allowance, this.httpsOnly) !== undefined)
      return { delivered: false, result: 'address-not-allowed' };
    const began = performance.now();
    try {
      const url = new URL(text);
      const addresses = await within(deadlineMs, this.checkedAddresses(hostOf(url)));
      const status = await send(url, addresses, headers, body, deadlineMs - (performance.now() - began));
      return { delivered: status >= 200 && status < 300, result: String(status) };
    } catch (error) {
      return { delivered: false, result: resultOf(error) };
    }
  }

  /** @throws PostFailure where any of them may not be called */
  private async checkedAddresses(host: string): Promise<HostAddress[]> {
    const found = await this.resolver.addressesOf(host).catch(() => []);
    if (found.length === 0) throw new PostFailure('unknown-host');
    if (!found.every(({ address }) => this.allowance.permits(host, address)))
      throw new PostFailure('address-not-allowed');
    return found;
  }
}

function send(
  url: URL,
  addresses: readonly HostAddress[],
  headers: Record<string, string>,
  body: string,
  leftMs: number,
): Promise<number> {
  const payload = Buffer.from(body, 'utf8');
  return new Promise<number>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: 'POST',
      // A connection of its own: none is reused that was opened to an address checked another time.
      agent: false,
      lookup: lookupAmong(addresses),
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': payload.length,
        connection: 'close',
      },
    });
    let status: number | undefined;
    const end = (error?: unknown): void => {
      clearTimeout(timer);
      if (status === undefined) reject(error ?? new Error('the connection ended without an answer'));
      else resolve(status);
    };
    const timer = setTimeout(() => request.destroy(new PostFailure('timeout')), Math.max(1, leftMs));
    request.on('error', end);
    request.on('close', () => end());
    request.on('response', (response) => {
      status = response.statusCode;
      drain(response);
    });
    request.end(payload);
  });
}

/** Answers with what was resolved and checked; a host that is an address itself is never looked up, and was checked too. */
function lookupAmong(addresses: readonly HostAddress[]): LookupFunction {
  return (_host, options, answer) => {
    if (options.all) answer(null, [...addresses]);
    else answer(null, addresses[0]!.address, addresses[0]!.family);
  };
}

function drain(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
}

/** @throws PostFailure `timeout` */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PostFailure('timeout')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function resultOf(error: unknown): string {
  if (error instanceof PostFailure) return error.result;
  const code = (error as { code?: string }).code ?? '';
  return /^ERR_TLS|^ERR_SSL|^EPROTO$|CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) ? 'tls' : 'connection';
}
