import { main } from '../../src/cli/main.js';

/** `bin/sanji` from the sources. */
await main(process.argv);
