import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from '../../libs/domain/asides.js';
import { parseScenario } from '../../libs/scenarios/parse.js';
import { playScenario } from '../../libs/scenarios/player.js';
import { Cli, freshFolder, ROOT } from '../support/cli.js';
import { EventStoreDbDouble } from '../support/eventstoredb-double/double.js';

/** The whole product, its log in EventStoreDB; here an in-process double of it, and no real server. */
describe('with EVENTSTORE_URL (in-process double)', () => {
  let double: EventStoreDbDouble;
  let folder: string;
  beforeEach(async () => {
    double = await EventStoreDbDouble.start();
    folder = freshFolder();
  });
  afterEach(() => {
    double.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a history is played, the log is there and nowhere else, and an instance starts on it again', async () => {
    const env = { FIL_ROUGE_DATA: join(folder, 'data'), PORT: '0', EVENTSTORE_URL: double.connectionString };
    const first = Cli.run(['start'], env);
    const [baseUrl] = await first.prints(/http:\/\/127\.0\.0\.1:\d+/);
    const file = join(ROOT, 'test/scenarios/00-chemin-complet.yaml');
    const said: string[] = [];
    const print = (line: string) => void said.push(line);
    const { exitCode } = await playScenario(parseScenario(readFileSync(file, 'utf8'), file, commandOf), { baseUrl, print });
    expect(exitCode === 0 ? '' : said.slice(-20).join('\n')).toBe('');
    first.child.kill('SIGINT');
    expect(await first.exited).toBe(0);
    expect(double.log.events.filter(({ stream }) => stream.startsWith('case-')).length).toBeGreaterThan(10);

    const verified = Cli.run(['verify'], env);
    expect(await verified.exited).toBe(0);
    const rewound = Cli.run(['new-incarnation'], env);
    expect(await rewound.exited).toBe(0);
    expect(rewound.output).toMatch(/incarnation \d{16}/);
    const elsewhere = Cli.run(['verify'], { ...env, EVENTSTORE_URL: '' });
    expect(await elsewhere.exited).toBe(0);
    expect(elsewhere.output).toContain(': 0 événements');

    const second = Cli.run(['start'], env);
    const [again] = await second.prints(/http:\/\/127\.0\.0\.1:\d+/);
    // Its lists are of another incarnation, and made anew.
    while ((await fetch(`${again}/health/ready`)).status !== 200) await pause(50);
    second.child.kill('SIGINT');
    expect(await second.exited).toBe(0);
  }, 240_000);

  it('does not start beside a log that was not moved', async () => {
    const env = { FIL_ROUGE_DATA: join(folder, 'data'), PORT: '0', FIL_ROUGE_DEMO: 'true' };
    const first = Cli.run(['start'], env);
    await first.prints(/curl -s/, 240_000);
    first.child.kill('SIGINT');
    await first.exited;
    const second = Cli.run(['start'], { ...env, EVENTSTORE_URL: double.connectionString });
    expect(await second.exited).toBe(1);
    expect(second.output).toContain('copy-log');
  }, 300_000);

  it('a process that closes the store does so at once and ends by itself, also when it left what it read before the end', async () => {
    const script = `
      const { EventStoreDbEventStore } = require('./dist/libs/event-store/eventstoredb/eventstoredb-event-store.js');
      const store = new EventStoreDbEventStore({ connectionString: process.argv[1], timeoutMs: 20_000 });
      const anEvent = () => ({ id: crypto.randomUUID(), type: 'T', schemaVersion: 1, data: '{}', metadata: '{}' });
      (async () => {
        await store.append('case-1', -1, Array.from({ length: 45 }, anEvent));
        const stop = new AbortController();
        for await (const { atHead } of store.subscribe(undefined, {}, stop.signal)) if (atHead) stop.abort();
        for (let i = 0; i < 60; i++) await store.readAll(undefined, 1 + (i % 20));
        const closing = performance.now();
        await store.close();
        if (performance.now() - closing > 5_000) process.exit(2);
      })();`;
    const child = spawn(process.execPath, ['-e', script, double.connectionString], { cwd: ROOT, stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(double.log.stream('case-1')).toHaveLength(45);
  }, 60_000);
});
