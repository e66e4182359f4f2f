import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus reads: the process, requests by route and status, the pool. Labels are routes and codes, never ids. */
export class Metrics {
  readonly registry = new Registry();
  readonly requests: Histogram<'method' | 'route' | 'status'>;

  constructor(pool: () => { total: number; idle: number; waiting: number }) {
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'sanji_http_request_seconds',
      help: 'Duration of requests by route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
    this.gauge('sanji_database_connections', 'Connections of the pool', () => pool().total);
    this.gauge('sanji_database_connections_idle', 'Idle connections of the pool', () => pool().idle);
    this.gauge('sanji_database_requests_waiting', 'Requests that wait for a connection', () => pool().waiting);
  }

  /** A value that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read());
      },
    });
  }
}
