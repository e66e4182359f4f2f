import { maskPhone } from '../alert/mask.rules.js';
import { normalisePhone } from '../alert/person.rules.js';
import { SMS } from './gateway.js';

export const MAX_ADDRESS = 200;
/** Names of channels: `sms`, `wecom`, `dingtalk-duty`. */
export const CHANNEL = /^[a-z][a-z0-9-]{0,31}$/;
const VISIBLE = /^[\x21-\x7e]+$/;
const MOBILE_LENGTH = 11;
const SHOWN_TAIL = 4;
const LONG = 10;

/** An address as it is kept: of an SMS a mobile phone, digits only. undefined where it is none. */
export function normaliseAddress(channel: string, address: string): string | undefined {
  if (channel === SMS) {
    const phone = normalisePhone(address);
    return phone !== undefined && takesSms(phone) ? phone : undefined;
  }
  const trimmed = address.trim();
  return trimmed.length <= MAX_ADDRESS && VISIBLE.test(trimmed) ? trimmed : undefined;
}

/** Landlines are called, not written to. */
export function takesSms(phone: string): boolean {
  return phone.length === MOBILE_LENGTH && phone.startsWith('1');
}

/** An address as answers and trial files show it. A robot's key is a secret, so little of it is left. */
export function maskAddress(channel: string, address: string): string {
  if (channel === SMS || /^\d{7,}$/.test(address)) return maskPhone(address);
  return address.length >= LONG ? `****${address.slice(-SHOWN_TAIL)}` : '****';
}
