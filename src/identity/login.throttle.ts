import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../platform/clock/clock.js';
import { tooManyRequests } from '../platform/http/problem.js';
import { IdentitySettings } from './identity.settings.js';

interface Bucket {
  left: number;
  filledAt: number;
}

/**
 * Slows down guessing from one address over many accounts. Only failures count, since whole offices share an address.
 * Kept per process and in memory: the lock of an account is what holds across instances.
 */
@Injectable()
export class LoginThrottle {
  private readonly buckets = new LRUCache<string, Bucket>({ max: 10_000 });

  constructor(
    private readonly clock: Clock,
    private readonly settings: IdentitySettings,
  ) {}

  /**
   * Takes one attempt of an address before the costly work; `giveBack` it where it did not fail.
   * @throws Problem `too-many-requests` with Retry-After
   */
  take(address: string): { giveBack(): void } {
    const bucket = this.refilled(address);
    if (bucket.left < 1) {
      const seconds = Math.max(1, Math.ceil((1 - bucket.left) * (60 / this.settings.failuresPerAddressAndMinute)));
      throw tooManyRequests.with(`Too many failed sign-ins from your address. Try again in ${seconds} seconds.`, {
        headers: { 'retry-after': String(seconds) },
      });
    }
    bucket.left -= 1;
    return { giveBack: () => void (bucket.left += 1) };
  }

  private refilled(address: string): Bucket {
    const now = this.clock.now().getTime();
    const { failuresPerAddress, failuresPerAddressAndMinute } = this.settings;
    const bucket = this.buckets.get(address) ?? { left: failuresPerAddress, filledAt: now };
    const minutes = Math.max(0, now - bucket.filledAt) / 60_000;
    bucket.left = Math.min(failuresPerAddress, bucket.left + minutes * failuresPerAddressAndMinute);
    bucket.filledAt = now;
    this.buckets.set(address, bucket);
    return bucket;
  }
}
