import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { wire } from '../../../../libs/platform/wiring.js';
import { rebuild } from '../../../../libs/read-models/rebuild.js';
import { CommandError } from '../command-error.js';
import { progressBar } from '../progress.js';

/** `fil-rouge rebuild`: makes the views anew from the log, beside those that serve, then swaps them. */
export async function rebuildViews(): Promise<void> {
  const wiring = await wire(loadConfig(process.env), new Logger('warn'), { join: true });
  const bar = progressBar('Reconstruction des vues', 'dossiers');
  try {
    bar.start(0, 0);
    const done = await rebuild({
      log: wiring.parts,
      database: wiring.database.app,
      progress: (value, total) => {
        bar.setTotal(total);
        bar.update(value);
      },
    });
    bar.stop();
    if (!done) throw new CommandError('une autre reconstruction est en cours');
    console.log('Les vues sont reconstruites.');
  } finally {
    bar.stop();
    await wiring.close();
  }
}
