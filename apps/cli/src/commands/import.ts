import { createReadStream, statSync } from 'node:fs';
import { type Instant } from '../../../../libs/domain/kernel/local-date.js';
import {
  type Format,
  importTransmissions,
  type ImportSummary,
} from '../../../../libs/application/import/import-transmissions.js';
import { OpenCaseHandler } from '../../../../libs/application/open-case.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { wire } from '../../../../libs/platform/wiring.js';
import { CommandError } from '../command-error.js';
import { ImportJournal } from '../import-journal.js';
import { progressBar } from '../progress.js';

const HOUR_MS = 3_600_000;
const formatOf = (file: string): Format => (/\.(ndjson|jsonl)$/i.test(file) ? 'ndjson' : 'csv');

/**
 * `fil-rouge import FILE`: sick-leave transmissions, by the very command that the API gives. What is rejected goes to
 * FILE.rejets.csv or FILE.rejets.ndjson. Given again after a kill, it goes on where it was.
 * @returns the process's exit code: 2 when a line was rejected
 */
export async function importFile(
  file: string,
  { organisation, format = formatOf(file) }: { organisation: string; format?: Format },
): Promise<number> {
  const { size } = statSync(file);
  const wiring = await wire(loadConfig(process.env), new Logger('warn'), { join: true });
  const { parts } = wiring;
  const caller = {
    organisation,
    role: 'CPAM',
    person: 'import',
    expiresAt: new Date(Date.now() + HOUR_MS).toISOString() as Instant,
  } as const;
  const bar = progressBar('Import', 'octets');
  let journal: ImportJournal | undefined;
  let summary: ImportSummary | undefined;
  try {
    await parts.followed.catchUp();
    if (!parts.followed.find(organisation)?.roles.includes('CPAM'))
      throw new CommandError(`${organisation} n’est pas une caisse de l’annuaire`);
    const of = parts.cursors.id(`import:${organisation}:${format}`);
    journal = await ImportJournal.open({ file, format, of, store: parts.store, say: (line) => console.error(line) });
    const handler = new OpenCaseHandler(parts);
    const execute = handler.execute.bind(handler);
    bar.start(size, journal.settled.bytes);
    for await (const line of importTransmissions(createReadStream(file), format, caller, { parts, execute }, journal)) {
      if (line.type === 'rejected') journal.reject(line);
      else if (line.type === 'summary') summary = line;
      else {
        bar.update(line.bytes);
        await journal.keep(line);
      }
    }
  } finally {
    bar.stop();
    journal?.close();
    await wiring.close();
  }
  const { read, taken, already, rejected } = summary!;
  console.log(
    `${read} lignes lues : ${taken} prises, ${already} déjà là, ${rejected} rejetées${rejected ? ` (${journal.rejectsPath})` : ''}.`,
  );
  journal.remove();
  return rejected > 0 ? 2 : 0;
}
