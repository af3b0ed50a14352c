import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { wire } from '../../../../libs/platform/wiring.js';
import { rebuild } from '../../../../libs/read-models/rebuild.js';
import { CommandError } from '../command-error.js';
import { withProgress } from '../progress.js';

/** `fil-rouge rebuild`: makes the views anew from the log, beside those that serve, then swaps them. */
export async function rebuildViews(): Promise<void> {
  const wiring = await wire(loadConfig(process.env), new Logger('warn'), { join: true });
  try {
    const done = await withProgress('Reconstruction des vues', 'dossiers', (progress) =>
      rebuild({ log: wiring.parts, database: wiring.database.app, helpers: wiring.helpers, progress }),
    );
    if (!done) throw new CommandError('une autre reconstruction est en cours');
    console.log('Les vues sont reconstruites.');
  } finally {
    await wiring.close();
  }
}
