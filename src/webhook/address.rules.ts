import { BlockList, isIP } from 'node:net';

/** Addresses that are not of the public internet (IANA's special-purpose registries). */
const FORBIDDEN_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Of IPv6 the global unicast space is public, and nothing else: that leaves out ::1, fc00::/7, fe80::/10, ff00::/8, ::ffff:0:0/96 … */
const GLOBAL_V6 = ['2000::/3'];
/** Inside it: Teredo and 6to4 (an IPv4 address in disguise), benchmarking, ORCHID, documentation. */
const FORBIDDEN_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const forbidden = listOf([...FORBIDDEN_V4, ...FORBIDDEN_V6]);
const globalUnicast = listOf(GLOBAL_V6);

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string | undefined];
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

/** Whether an address is of the public internet; a text that is no address is not. */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !forbidden.check(address, 'ipv4');
    case 6:
      // A zone (fe80::1%eth0) is only ever of a link; and mapped addresses are outside of 2000::/3.
      return !address.includes('%') && globalUnicast.check(address, 'ipv6') && !forbidden.check(address, 'ipv6');
    default:
      return false;
  }
}

/** The host of a URL as DNS and sockets take it: without the brackets of IPv6, and the dot of a rooted name. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** What configuration lets webhooks reach beyond the public internet. */
export class Allowance {
  private readonly everything: boolean;
  private readonly hosts = new Set<string>();
  private readonly networks: BlockList;

  /** @param allowed true for everything, or names of hosts, addresses and networks in CIDR form */
  constructor(allowed: boolean | readonly string[]) {
    this.everything = allowed === true;
    const entries = typeof allowed === 'boolean' ? [] : allowed;
    const networks = entries.filter((entry) => isIP(entry.split('/')[0]!) !== 0);
    for (const entry of entries) if (!networks.includes(entry)) this.hosts.add(entry.toLowerCase());
    this.networks = listOf(networks);
  }

  /** Whether a host is named: whatever it resolves to may be called, also over http in production. */
  names(host: string): boolean {
    return this.everything || this.hosts.has(host.toLowerCase()) || (isIP(host) !== 0 && this.holds(host));
  }

  /** Whether an address may be connected to for a host. */
  permits(host: string, address: string): boolean {
    return this.names(host) || this.holds(address) || isPublic(address);
  }

  private holds(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/**
 * What is wrong with a webhook's URL by itself, whatever it resolves to; undefined where nothing is.
 * @param httpsOnly plain http is for hosts that configuration names
 */
export function urlFault(text: string, allowance: Allowance, httpsOnly: boolean): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL such as https://receiver.example.org/sanji';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.protocol === 'http:' && httpsOnly && !allowance.names(hostOf(url))) return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not carry a user or password';
  if (url.hash !== '') return 'must not have a fragment';
  return undefined;
}
