import { type SingleBar } from 'cli-progress';
import { type Client } from 'pg';
import { AppendingLoader, type Copied, copyLog, type LogLoader, type Step } from '../../../../libs/event-store/copy-log.js';
import { EventStoreDbEventStore } from '../../../../libs/event-store/eventstoredb/eventstoredb-event-store.js';
import { recordMoves } from '../../../../libs/event-store/moved.js';
import { type EventStore, type Position } from '../../../../libs/event-store/port.js';
import { PostgresLogLoader } from '../../../../libs/event-store/postgres/log-loader.js';
import { PostgresLogSource } from '../../../../libs/event-store/postgres/log-source.js';
import { PostgresEventStore } from '../../../../libs/event-store/postgres/postgres-event-store.js';
import { type Config, loadConfig } from '../../../../libs/platform/config.js';
import { connect, openDatabase } from '../../../../libs/platform/database.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { migrate } from '../../../../libs/platform/migrate.js';
import { CommandError } from '../command-error.js';
import { progressBar } from '../progress.js';

const EMBEDDED = 'embedded';
const STEPS: Record<Step, string> = { compare: 'Comparaison', copy: 'Copie', verify: 'Vérification' };

/**
 * `fil-rouge copy-log`: the log into another store, where the positions given before go on to work. Killed, it goes on where it was
 * when it is given again.
 */
export async function copyLogBetween(places: { readonly from: string; readonly to: string }): Promise<void> {
  if (places.from === places.to) throw new CommandError('la source et la cible sont le même journal');
  const ends = new Ends(loadConfig(process.env));
  const bars = new Bars();
  try {
    const [from, to] = [await ends.open('--from', places.from), await ends.open('--to', places.to)];
    // The PostgreSQL that has the log has all the rest too; with EventStoreDB on both sides it is the installation's.
    const keeper = await ends.clientOf(to.owner ?? from.owner ?? (await ends.configured()));
    const [leave, loader] = [await from.leave(), await to.loader(from.store)];
    const unit = from.store.traits.densePositions ? 'événements' : 'octets du journal';
    const copied = await copyLog({
      from: from.store,
      to: to.store,
      loader,
      record: (incarnation, moves) => recordMoves(keeper, incarnation, moves),
      progress: (step, done, total) => bars.show(STEPS[step], unit, done, total),
    });
    await loader.finish();
    await leave(copied.head);
    bars.stop();
    const { rowCount: keys } = await keeper.query('SELECT FROM vault.person_key LIMIT 1');
    console.log(told(copied, from, to, keys !== 0));
  } catch (error) {
    // Of a server or a connection, which may come back.
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CommandError(`la copie s’est arrêtée (${error.message}) ; la même commande reprend où elle en était`, {
      cause: error,
    });
  } finally {
    bars.stop();
    await ends.close();
  }
}

/** A store to copy from, or to copy to. */
interface End {
  readonly store: EventStore;
  /** URL of the role that owns it, when it is in PostgreSQL. */
  readonly owner?: string;
  /** From here on nobody writes to it; what is returned makes that last. */
  leave(): Promise<(to: Position | undefined) => Promise<void>>;
  loader(from: EventStore): Promise<LogLoader & { finish(): Promise<void> }>;
}

/** What is open, to be closed whatever happens. */
class Ends {
  readonly #closing: (() => Promise<unknown>)[] = [];
  readonly #logger = new Logger('warn');
  constructor(private readonly config: Config) {}

  open(option: string, place: string): Promise<End> {
    return place === EMBEDDED || /^postgres(ql)?:/.test(place)
      ? this.#postgres(option, place)
      : this.#eventStoreDb(option, place);
  }

  async clientOf(owner: string): Promise<Client> {
    return this.#kept(await connect('--to', owner), (client) => client.end());
  }
  async configured(): Promise<string> {
    const { database } = this.config;
    return this.#ownerOf('DATABASE_URL', database.kind === 'embedded' ? EMBEDDED : database.migrationUrl);
  }
  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }

  async #postgres(option: string, place: string): Promise<End> {
    const owner = await this.#ownerOf(option, place);
    const connection = { connectionString: owner };
    return {
      owner,
      store: this.#kept(new PostgresEventStore(connection), (store) => store.close()),
      leave: async () => {
        const source = this.#kept(await PostgresLogSource.open(connection), (it) => it.close());
        return (to) => source.movedTo(to);
      },
      loader: async (from) => this.#kept(await PostgresLogLoader.open(connection, from), (it) => it.close()),
    };
  }
  async #eventStoreDb(option: string, connectionString: string): Promise<End> {
    try {
      const store = this.#kept(new EventStoreDbEventStore({ connectionString }), (it) => it.close());
      // Before anything is written on the other side.
      await store.head();
      return {
        store,
        // It has no such lock: that nobody wrote meanwhile is looked at.
        leave: async () => async () => undefined,
        loader: async () => Object.assign(new AppendingLoader(store), { finish: async () => undefined }),
      };
    } catch (error) {
      throw new CommandError(`${option} (embedded, postgres://… ou esdb://…) : ${(error as Error).message}`);
    }
  }

  async #ownerOf(option: string, place: string): Promise<string> {
    let url = place;
    if (place === EMBEDDED) {
      const database = await openDatabase({ ...this.config, database: { kind: 'embedded' } }, this.#logger);
      url = this.#kept(database, (it) => it.stop()).migration;
    } else await (await connect(option, url)).end();
    await migrate(url, this.#logger);
    return url;
  }
  #kept<T>(it: T, close: (it: T) => Promise<unknown>): T {
    this.#closing.push(() => close(it));
    return it;
  }
}
/** One bar a step. */
class Bars {
  #shown: string | undefined;
  #bar: SingleBar | undefined;

  show(what: string, unit: string, done: number, total: number): void {
    if (what !== this.#shown) {
      this.stop();
      this.#shown = what;
      this.#bar = progressBar(what, unit);
      this.#bar.start(total, 0);
    }
    this.#bar?.update(done);
  }
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

const told = ({ count, sha256, before }: Copied, from: End, to: End, keys: boolean): string =>
  [
    `${count} événements, les mêmes des deux côtés${before > 0 ? ` ; ${before} étaient déjà là` : ''}.`,
    `SHA-256 ${sha256}`,
    to.owner === undefined
      ? 'Le journal est maintenant dans EventStoreDB : démarrer avec EVENTSTORE_URL.'
      : 'Le journal est maintenant dans PostgreSQL : démarrer avec cette base, sans EVENTSTORE_URL.',
    ...(keys ? [] : ['Seul le journal est copié, et cette base n’a aucune clé de personne : voir backup et restore.']),
    from.owner === undefined
      ? 'Rien n’empêche d’écrire encore dans la source : l’arrêter.'
      : 'La source n’accepte plus d’écriture, et aucune instance ne démarre plus dessus.',
    'Les vues et les lecteurs reprennent où ils en étaient.',
  ].join('\n');
