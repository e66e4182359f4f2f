/**
 * Settings of every embedded cluster: two cores, an ordinary disk. PostgreSQL quotes rows and parameters in the messages
 * of failed statements, so those are not logged at all; what is left is the server's own life.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '192MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // A young database grows fast: plans made when it was empty are to be thought over soon.
  autovacuum_naptime: '15s',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  log_checkpoints: 'off',
};

/** For tests: as fast as it goes, and everything may be lost with the machine. */
const FLEETING: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '10min',
  max_connections: '200',
};

/** The server's command line: stronger than whatever a configuration file says. */
export function settingFlags(port: number, durable: boolean): string[] {
  const settings = { ...SETTINGS, ...(durable ? {} : FLEETING), port: String(port) };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
