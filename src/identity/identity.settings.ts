/** The times and numbers of signing in. The demo, which moves the clock, gives its own. */
export class IdentitySettings {
  /** Life of an access token. */
  readonly accessMinutes: number = 15;
  /** A session that nobody uses for so long has ended. */
  readonly idleMinutes: number = 30;
  /** Use of a session is written down at most this often. */
  readonly touchSeconds: number = 60;
  /** Failures in a row that lock an account. */
  readonly failuresToLock: number = 5;
  readonly lockMinutes: number = 15;
  /** Failed sign-ins that one address may make at once… */
  readonly failuresPerAddress: number = 100;
  /** …and how many more each minute. Whole offices share an address. */
  readonly failuresPerAddressAndMinute: number = 20;

  constructor(given: Partial<IdentitySettings> = {}) {
    Object.assign(this, given);
  }
}
