import { register } from 'node:module';

/** `node --import test/support/typescript.js file.ts` runs the sources as they are, compiled as jest compiles them. */
register('./typescript-hooks.js', import.meta.url);
