import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { type Instant } from '../../../../libs/domain/kernel/local-date.js';
import { importTransmissions, type ImportSummary } from '../../../../libs/application/import/import-transmissions.js';
import { REJECTS_HEADER, rejectRow } from '../../../../libs/application/import/rejects.js';
import { OpenCaseHandler } from '../../../../libs/application/open-case.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { wire } from '../../../../libs/platform/wiring.js';
import { CommandError } from '../command-error.js';
import { progressBar } from '../progress.js';

const HOUR_MS = 3_600_000;

/**
 * `fil-rouge import FILE`: sick-leave transmissions, by the very command that the API gives. What is rejected goes to
 * FILE.rejets.csv. @returns the process's exit code: 2 when a line was rejected
 */
export async function importFile(file: string, { organisation }: { organisation: string }): Promise<number> {
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
  const rejects = createWriteStream(`${file}.rejets.csv`, { mode: 0o600 });
  let summary: ImportSummary | undefined;
  try {
    await parts.followed.catchUp();
    if (!parts.followed.find(organisation)?.roles.includes('CPAM'))
      throw new CommandError(`${organisation} n’est pas une caisse de l’annuaire`);
    const handler = new OpenCaseHandler(parts);
    const lines = importTransmissions(createReadStream(file), caller, { parts, execute: (command) => handler.execute(command) });
    bar.start(size, 0);
    rejects.write(REJECTS_HEADER);
    for await (const line of lines) {
      if (line.type === 'progress') bar.update(line.bytes);
      else if (line.type === 'summary') summary = line;
      else if (!rejects.write(rejectRow(line))) await once(rejects, 'drain');
    }
  } finally {
    bar.stop();
    rejects.end();
    await once(rejects, 'close');
    await wiring.close();
  }
  const { read, taken, already, rejected } = summary!;
  if (rejected === 0) rmSync(`${file}.rejets.csv`);
  console.log(
    `${read} lignes lues : ${taken} prises, ${already} déjà là, ${rejected} rejetées${rejected ? ` (${file}.rejets.csv)` : ''}.`,
  );
  return rejected > 0 ? 2 : 0;
}
