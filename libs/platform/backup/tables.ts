import { type ClientBase } from 'pg';
import { APP_ROLE } from '../roles.js';

/** Names are quoted as SQL wants them. */
export interface Table {
  /** `log.event` */
  readonly name: string;
  readonly schema: string;
  /** Those that are stored, in their order. */
  readonly columns: readonly string[];
  /** The application made it, from the log, and makes it anew when it is missing: not a migration's, and not worth saving. */
  readonly rebuilt: boolean;
}

/** Asked of the catalogue, so that the table of a later migration can't be forgotten. */
export const tablesOf = async (client: ClientBase): Promise<readonly Table[]> => {
  const { rows } = await client.query<Table>(
    `select format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema,
       array_agg(quote_ident(a.attname) order by a.attnum) as columns, pg_get_userbyid(c.relowner) = $1 as rebuilt
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
     group by n.nspname, c.relname, c.relowner order by 1`,
    [APP_ROLE],
  );
  return rows;
};

/** What numbers the rows of some table; `value` is the last one given. */
export interface Sequence {
  readonly name: string;
  readonly value: string;
}
export const sequencesOf = async (client: ClientBase): Promise<readonly Sequence[]> => {
  const { rows } = await client.query<Sequence>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as value
     from pg_sequences where sequenceowner <> $1 and last_value is not null order by 1`,
    [APP_ROLE],
  );
  return rows;
};
