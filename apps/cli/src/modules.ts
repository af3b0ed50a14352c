import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { type DataSource } from 'typeorm';
import { type HealthCheck } from '../../api/src/health/health.controller.js';
import { type Worker } from '../../worker/src/worker.js';
import { keptApart } from '../../../libs/application/duplicates.js';
import { ApplicationModule } from '../../../libs/application/application.module.js';
import { CaseStreams } from '../../../libs/delivery/sse.js';
import { type Position } from '../../../libs/event-store/port.js';
import { presentPosition } from '../../../libs/event-store/moved.js';
import { type Wiring } from '../../../libs/platform/wiring.js';
import { refusedCopies } from '../../../libs/processes/courier.js';
import { type ReadModelParts, ReadModelsModule } from '../../../libs/read-models/queries.js';

@Module({})
class InstanceModule {}

/** Commands and queries, as the API needs them. */
export function moduleFor({ parts, pool }: Wiring, views: DataSource): DynamicModule {
  const { store, codec, cursors, clock, rulebook, followed: directory } = parts;
  const apart = (a: string, b: string) => keptApart(parts, a, b);
  const histories: ReadModelParts['histories'] = async (family) => {
    await directory.catchUp();
    return directory.histories(family);
  };
  const present = (position: Position) => presentPosition(pool, position);
  return {
    module: InstanceModule,
    providers: [{ provide: CaseStreams, useValue: new CaseStreams(parts) }],
    imports: [
      CqrsModule.forRoot(),
      ApplicationModule.with(parts),
      ReadModelsModule.with({
        views,
        cursors,
        clock,
        rulebook,
        directory,
        present,
        head: () => store.head(),
        keptApart: apart,
        histories,
        meeting: async (id) => codec.decode(await store.readStream(`meeting-${id}`)),
        refusedCopies: (stream) => refusedCopies(pool, stream),
      }),
    ],
    exports: [CqrsModule, ApplicationModule, CaseStreams],
  };
}

export const healthChecksFor = ({ pool, parts }: Wiring, worker: Worker | undefined): HealthCheck[] => [
  { name: 'database', check: async () => ({ ok: (await pool.query('select 1')).rowCount === 1 }) },
  { name: 'log', check: async () => ({ ok: true, detail: { empty: (await parts.store.head()) === undefined } }) },
  ...(worker ? [viewsCheck(worker), watchCheck(worker), courierCheck(worker), doublonsCheck(worker)] : []),
];
/** Ready while the views follow; being made anew is no fault, and neither is one parked case: both are told. */
const viewsCheck = (worker: Worker): HealthCheck => ({
  name: 'views',
  check: async () => {
    const { state, parked, serving, rebuild } = await worker.health();
    // Until anything can be shown, whoever asks for a list is better sent elsewhere.
    const ok = serving && (state === 'following' || state === 'rebuilding' || rebuild !== undefined);
    return { ok, detail: { state, parked, serving, ...(rebuild && { rebuild }) } };
  },
});
/** What a meeting says and a case refuses is told, and is no reason to turn requests away. */
const courierCheck = (worker: Worker): HealthCheck => ({
  name: 'meetings',
  check: async () => ({ ok: true, detail: { ...((await worker.courierHealth()) ?? { state: 'not started' }) } }),
});
/** Late only: every file is found in the end. */
const doublonsCheck = (worker: Worker): HealthCheck => ({
  name: 'doublons',
  check: async () => ({ ok: true, detail: { ...(worker.doublonsHealth() ?? { state: 'not started' }) } }),
});
/** Ready while it watches, and before it has begun; a halt is told, and is no reason to turn requests away. */
const watchCheck = (worker: Worker): HealthCheck => ({
  name: 'watch',
  check: async () => ({ ok: true, detail: { ...(worker.watchHealth() ?? { state: 'not started' }) } }),
});
