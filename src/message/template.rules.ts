import type { OutgoingMessage } from './gateway.js';

/** Where a value stands decides how it must be written. */
export type Place = 'url' | 'header' | 'json' | 'form' | 'text';

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
const SECRET = 'secret:';
const FIELDS = ['to', 'text', 'caseNos', 'id'] as const;
type Field = (typeof FIELDS)[number];

const WRITTEN: Record<Place, (value: string) => string> = {
  url: encodeURIComponent,
  form: encodeURIComponent,
  // What a JSON string holds between its quotes.
  json: (value) => JSON.stringify(value).slice(1, -1),
  header: (value) => value,
  text: (value) => value,
};

/** Faults of a template: placeholders that there are none of, and secrets that were not given. */
export function templateFaults(template: string, place: Place, secrets: Readonly<Record<string, string>>): string[] {
  const faults: string[] = [];
  for (const [, name = ''] of template.matchAll(PLACEHOLDER)) {
    if (name.startsWith(SECRET)) {
      if (!Object.hasOwn(secrets, name.slice(SECRET.length)))
        faults.push(`asks for {{${name}}}, but SANJI_SECRET_${name.slice(SECRET.length)} is not set`);
    } else if (!(FIELDS as readonly string[]).includes(name)) {
      faults.push(
        `knows no {{${name}}}: there are ${FIELDS.map((field) => `{{${field}}}`).join(', ')} and {{secret:NAME}}`,
      );
    } else if (place === 'header' && name !== 'id') {
      faults.push(`{{${name}}} has no place in a header; there are {{id}} and {{secret:NAME}}`);
    }
  }
  return faults;
}

/** Puts a message and the secrets into a template, each value written as its place asks for. */
export function fill(
  template: string,
  place: Place,
  message: OutgoingMessage,
  secrets: Readonly<Record<string, string>>,
): string {
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = name.startsWith(SECRET) ? secrets[name.slice(SECRET.length)]! : fieldOf(message, name as Field);
    return WRITTEN[place](value);
  });
}

function fieldOf(message: OutgoingMessage, field: Field): string {
  return field === 'caseNos' ? message.caseNos.join(',') : message[field];
}
