import { lookup, Resolver } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';

export interface HostAddress {
  address: string;
  family: 4 | 6;
}

const TIMEOUT_MS = 2_000;
const TRIES = 2;
/** The name servers answered that there is no such name, or none of that kind. */
const NOT_THERE = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Finds the addresses of a host. Name servers are asked directly: what the system offers (getaddrinfo) holds a thread of
 * the process for as long as a name server keeps silent, and with it everybody else's. It is asked where the name
 * servers know nothing, for the names of the machine's own hosts file.
 */
@Injectable()
export class HostResolver {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  /** @throws Error with a code such as ENOTFOUND */
  async addressesOf(host: string): Promise<HostAddress[]> {
    if (isIP(host) !== 0) return [address(host)];
    if (host === 'localhost' || host.endsWith('.localhost')) return [address('127.0.0.1'), address('::1')];
    const answers = await Promise.allSettled([this.resolver.resolve4(host), this.resolver.resolve6(host)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found.map(address);
    for (const answer of answers) {
      if (answer.status === 'rejected' && !NOT_THERE.has((answer.reason as { code?: string }).code ?? '')) {
        throw answer.reason;
      }
    }
    return (await lookup(host, { all: true })).map((one) => address(one.address));
  }
}

function address(text: string): HostAddress {
  return { address: text, family: isIPv6(text) ? 6 : 4 };
}
