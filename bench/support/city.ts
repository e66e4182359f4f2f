/** The city that the lines work in. */
export const CITY = '4113';
export const SOURCE = 'national-platform';

/** What the load and the comparators must know of the seeded city, plain enough for a message between processes. */
export interface City {
  id: number;
  counties: County[];
  /** Nine-digit codes of divisions that have a station. */
  divisions: string[];
  /** An API key of a feed. */
  feedKey: string;
  /** Base64 of the key that signs access tokens. */
  tokenKey: string;
}

export interface County {
  id: number;
  code: string;
  /** Codes of its stations. */
  townships: string[];
  officer: { id: string; token: string };
}
