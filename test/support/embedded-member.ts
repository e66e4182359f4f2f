import { startEmbedded } from '../../src/platform/database/embedded.js';

/** A process that uses the embedded database of a folder until it is told to end. */
const database = await startEmbedded({ dataDir: process.argv[2]! });
console.log(`url ${database.url}`);
process.on('SIGTERM', () => void database.stop());
