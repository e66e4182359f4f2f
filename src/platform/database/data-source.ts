import { DataSource, type DataSourceOptions, type Logger, type MixedList } from 'typeorm';
import pg from 'pg';

/** The role that the application acts under: it cannot change history, see migrations. */
export const APPLICATION_ROLE = 'sanji_app';

const INT8 = 20;
const DATE = 1082;

// bigint: fen and counts fit a JavaScript number up to 2^53-1; beyond that silence would falsify money, so it throws.
pg.types.setTypeParser(INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint is beyond what a JSON number can carry');
  return value;
});
// date: a local date is text; the default parser would make it a midnight of the server's zone.
pg.types.setTypeParser(DATE, (text) => text);

export interface DataSourceSettings {
  url: string;
  poolSize: number;
  entities?: DataSourceOptions['entities'];
  migrations?: MixedList<new () => unknown>;
  /** Act as the owner of the tables: for migrations only. */
  asOwner?: boolean;
  /** Connections that are never answered are given up after so long, milliseconds. */
  connectTimeoutMs?: number;
}

const nothing = (): void => undefined;

/** TypeORM writes to the terminal of its own accord; what matters is thrown, and our log carries no statements. */
const SILENT: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

/**
 * PostgreSQL says goodbye twice when it is restarted: that it ends the connection, and by ending it. TypeORM hears the first
 * and lets go of the client; the second, heard by nobody, would end the process.
 */
class SturdyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', nothing);
  }
}

/** A TypeORM data source with the settings every connection of the product has. */
export function createDataSource(settings: DataSourceSettings): DataSource {
  const role = settings.asOwner ? '' : ` -c role=${APPLICATION_ROLE}`;
  const options: DataSourceOptions = {
    type: 'postgres',
    url: settings.url,
    poolSize: settings.poolSize,
    applicationName: 'sanji',
    connectTimeoutMS: settings.connectTimeoutMs ?? 5_000,
    entities: settings.entities,
    migrations: settings.migrations,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logger: SILENT,
    // The pool raises an error for each idle connection that the server drops; the next request reports it.
    poolErrorHandler: () => undefined,
    extra: {
      Client: SturdyClient,
      // Statements of a transaction are sent without waiting for the former's answer.
      pipeline: !settings.asOwner,
      options: `-c timezone=UTC -c datestyle=ISO -c search_path=public${settings.asOwner ? '' : ' -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000'}${role}`,
    },
  };
  return new DataSource(options);
}
