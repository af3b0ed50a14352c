import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { constants } from 'node:os';
import { type Instant } from '../../../../libs/domain/kernel/local-date.js';
import {
  type Format,
  importTransmissions,
  type ImportStopped,
  type ImportSummary,
} from '../../../../libs/application/import/import-transmissions.js';
import { type Charset } from '../../../../libs/application/import/charset.js';
import { Interrupted, INTERRUPTIONS } from '../../../../libs/application/import/interruption.js';
import { OpenCaseHandler } from '../../../../libs/application/open-case.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { wire } from '../../../../libs/platform/wiring.js';
import { CommandError } from '../command-error.js';
import { ImportJournal } from '../import-journal.js';
import { progressBar } from '../progress.js';
import { type StopSignal, untilStopped } from '../signals.js';

const HOUR_MS = 3_600_000;
const formatOf = (file: string): Format => (/\.(ndjson|jsonl)$/i.test(file) ? 'ndjson' : 'csv');

/**
 * `fil-rouge import FILE`: sick-leave transmissions, by the very command that the API gives. What is rejected goes to
 * FILE.rejets.csv or FILE.rejets.ndjson. Told to stop, it does so at the next line. Given again, after a kill too, it goes on where it was.
 * @returns the process's exit code: 2 when a line was rejected, 130 or 143 when it was told to stop
 */
export async function importFile(
  file: string,
  { organisation, format = formatOf(file), charset }: { organisation: string; format?: Format; charset?: Charset },
): Promise<number> {
  const { size } = statSync(file);
  const stop = new AbortController();
  let told: StopSignal | undefined;
  void untilStopped().signal.then((name) => {
    told = name;
    stop.abort();
  });
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
  let end: ImportSummary | ImportStopped | undefined;
  let source: ReadStream | undefined;
  try {
    await parts.followed.catchUp();
    if (!parts.followed.find(organisation)?.roles.includes('CPAM'))
      throw new CommandError(`${organisation} n’est pas une caisse de l’annuaire`);
    const of = parts.cursors.id(['import', organisation, format, ...(charset ? [charset] : [])].join(':'));
    journal = await ImportJournal.open({ file, format, of, store: parts.store, say: (line) => console.error(line) });
    const handler = new OpenCaseHandler(parts);
    const execute = handler.execute.bind(handler);
    bar.start(size, journal.settled.bytes);
    source = createReadStream(file);
    const options = { journal, stop: stop.signal, ...(charset && { charset }) };
    for await (const line of importTransmissions(source, format, caller, { parts, execute }, options)) {
      if (line.type === 'rejected') journal.reject(line);
      else if (line.type === 'summary') end = line;
      else if (line.type === 'stopped') {
        const { reason: _reason, message: _message, ...progress } = line;
        await journal.keep({ ...progress, type: 'progress' });
        end = line;
      } else {
        bar.update(line.bytes);
        await journal.keep(line);
      }
    }
  } catch (error) {
    if (!(error instanceof Interrupted && journal)) throw error;
    // Before the first line of the file.
    end = { ...journal.settled, type: 'stopped', reason: error.reason, message: INTERRUPTIONS[error.reason] };
  } finally {
    bar.stop();
    source?.destroy();
    journal?.close();
    await wiring.close();
  }
  const { read, taken, already, rejected, charset: found } = end!;
  const counts = `${read} lignes lues : ${taken} prises, ${already} déjà là, ${rejected} rejetées`;
  if (end!.type === 'stopped') {
    console.log(`Import arrêté : ${counts}. La même commande reprend où il en était.`);
    return 128 + constants.signals[told!];
  }
  console.log(`${counts}${rejected ? ` (${journal.rejectsPath})` : ''}${found ? ` ; fichier lu en ${found}` : ''}.`);
  journal.remove();
  return rejected > 0 ? 2 : 0;
}
