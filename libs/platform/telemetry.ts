import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { type Config, ConfigError } from './config.js';
import { type Logger } from './logger.js';

/**
 * Serves the metrics of this process for Prometheus, when the settings say where. Comes before all else: an instrument that was made
 * before it measures nothing.
 * @returns what ends it
 * @throws ConfigError when nothing can listen there
 */
export async function startTelemetry({ metrics: where }: Config, logger: Logger): Promise<() => Promise<void>> {
  if (!where) return async () => undefined;
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutTargetInfo: true, withoutScopeInfo: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const server = createServer((request, response) => {
    if (request.url === '/metrics') exporter.getMetricsRequestHandler(request, response);
    else response.writeHead(404).end();
  }).unref();
  await once(server.listen(where.port, where.host), 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([`FIL_ROUGE_METRICS: nothing can listen on ${where.host}, port ${where.port} (${error.code})`]);
  });
  metrics.setGlobalMeterProvider(provider);
  logger.log('metrics on /metrics', { port: (server.address() as AddressInfo).port });
  return async () => {
    server.close().closeAllConnections();
    metrics.disable();
    await provider.shutdown();
  };
}
