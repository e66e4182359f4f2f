import { CHANNEL } from './address.rules.js';
import { templateFaults, type Place } from './template.rules.js';

/** How the HTTP gateway reaches the people of one channel. Texts are templates. */
export interface Channel {
  readonly method: 'POST' | 'PUT' | 'GET';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly bodyPlace: Place;
  readonly success: Success;
  /** JSON Pointer to the provider's number of the message. */
  readonly reference: string | undefined;
}

/** All that is given must hold. */
export interface Success {
  readonly statuses: readonly number[] | undefined;
  readonly value: { readonly pointer: string; readonly equals: unknown } | undefined;
  readonly pattern: RegExp | undefined;
}

const KEYS = ['method', 'url', 'headers', 'body', 'success', 'reference'];
const SUCCESS_KEYS = ['status', 'pointer', 'equals', 'pattern'];
const METHODS = ['POST', 'PUT', 'GET'] as const;

type Fault = (what: string) => void;
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the channels' file: all of it is right, or `faults` names everything that is not. Values are not quoted: they may be secret. */
export function readChannels(
  text: string,
  secrets: Readonly<Record<string, string>>,
): { channels: Map<string, Channel>; faults: string[] } {
  const faults: string[] = [];
  const channels = new Map<string, Channel>();
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { channels, faults: ['is not JSON'] };
  }
  if (!isObject(document) || Object.keys(document).length === 0) {
    return { channels, faults: ['must be an object with a channel or more, such as {"sms": {…}}'] };
  }
  for (const [name, value] of Object.entries(document)) {
    const fault: Fault = (what) => void faults.push(`${name}: ${what}`);
    if (!CHANNEL.test(name)) fault('is no name of a channel: small letters, digits and hyphens, at most 32');
    if (isObject(value)) channels.set(name, readChannel(value, secrets, fault));
    else fault('must be an object with url, body and more');
  }
  return { channels, faults };
}

function readChannel(value: Json, secrets: Readonly<Record<string, string>>, fault: Fault): Channel {
  unknownKeys(value, KEYS, '', fault);
  const check = (template: string, place: Place, where: string): void =>
    templateFaults(template, place, secrets).forEach((what) => fault(`${where} ${what}`));
  const headers = readHeaders(value['headers'], check, fault);
  const form = /x-www-form-urlencoded/i.test(headers['content-type'] ?? '');
  const plain = /^text\//i.test(headers['content-type'] ?? '');
  const bodyPlace: Place = form ? 'form' : plain ? 'text' : 'json';
  const body = readBody(value['body'], fault);
  if (body !== undefined) {
    check(body, bodyPlace, 'body');
    if (bodyPlace === 'json') headers['content-type'] ??= 'application/json; charset=utf-8';
  }
  const method = (value['method'] ?? 'POST') as Channel['method'];
  if (!METHODS.includes(method)) fault(`method must be one of ${METHODS.join(', ')}`);
  if (method === 'GET' && body !== undefined) fault('body goes with POST or PUT');
  const reference = value['reference'];
  if (reference !== undefined && !isPointer(reference)) fault('reference must be a JSON Pointer such as /data/msgId');
  return {
    method,
    url: readUrl(value['url'], check, fault),
    headers,
    body,
    bodyPlace,
    success: readSuccess(value['success'], fault),
    reference: reference as string | undefined,
  };
}

/** The host is fixed: no address of a recipient decides where messages go. */
function readUrl(value: unknown, check: (t: string, p: Place, w: string) => void, fault: Fault): string {
  const url = typeof value === 'string' ? value : '';
  const [, origin] = /^(https?:\/\/[^/?#{}\s@]+)(?:[/?#]|$)/.exec(url) ?? [];
  if (origin === undefined || !URL.canParse(origin)) {
    fault('url must begin with http:// or https:// and a host without placeholders');
  } else if (!URL.canParse(url.replace(/\{\{[^{}]*\}\}/g, 'x'))) {
    fault('url is none');
  }
  check(url, 'url', 'url');
  return url;
}

function readHeaders(
  value: unknown,
  check: (template: string, place: Place, where: string) => void,
  fault: Fault,
): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value)) {
    fault('headers must be an object');
    return {};
  }
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(name) || typeof text !== 'string' || !/^[\x20-\x7e]*$/.test(text)) {
      fault(`headers/${name} must be a header with a text of ASCII characters`);
      continue;
    }
    check(text, 'header', `headers/${name}`);
    headers[name.toLowerCase()] = text;
  }
  return headers;
}

/** A text is taken as it stands; anything else is JSON that is sent as such. */
function readBody(value: unknown, fault: Fault): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (!isObject(value)) fault('body must be an object or a text');
  return JSON.stringify(value);
}

function readSuccess(value: unknown, fault: Fault): Success {
  const none: Success = { statuses: undefined, value: undefined, pattern: undefined };
  if (value === undefined) return none;
  if (!isObject(value)) {
    fault('success must be an object with status, pointer and equals, or pattern');
    return none;
  }
  unknownKeys(value, SUCCESS_KEYS, 'success/', fault);
  const { status, pointer, equals, pattern } = value;
  const statuses = status === undefined ? undefined : [status].flat();
  if (statuses?.some((one) => !Number.isInteger(one) || (one as number) < 200 || (one as number) > 299)) {
    fault('success/status must be one or more of 200 to 299');
  }
  if (pointer !== undefined && !isPointer(pointer)) fault('success/pointer must be a JSON Pointer such as /errcode');
  if ((pointer === undefined) !== (equals === undefined)) fault('success/pointer and success/equals go together');
  return {
    statuses: statuses as number[] | undefined,
    value: pointer === undefined ? undefined : { pointer: String(pointer), equals },
    pattern: pattern === undefined ? undefined : readPattern(pattern, fault),
  };
}

function readPattern(value: unknown, fault: Fault): RegExp | undefined {
  try {
    if (typeof value === 'string') return new RegExp(value, 'u');
  } catch {
    // Told below.
  }
  fault('success/pattern must be a regular expression');
  return undefined;
}

function unknownKeys(value: Json, known: readonly string[], where: string, fault: Fault): void {
  for (const key of Object.keys(value).filter((one) => !known.includes(one))) {
    fault(`${where}${key} is not known; there are ${known.join(', ')}`);
  }
}

function isPointer(value: unknown): value is string {
  return typeof value === 'string' && /^(\/[^/]*)+$/.test(value);
}

/** The value that a JSON Pointer (RFC 6901) leads to; undefined where it leads nowhere. */
export function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Json)[key] : undefined),
      document,
    );
}
