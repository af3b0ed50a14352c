import { verifyLog } from '../../../../libs/event-store/verify.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { wire } from '../../../../libs/platform/wiring.js';
import { withProgress } from '../progress.js';

/** `fil-rouge verify`: reads the whole log, and names the first thing that is wrong with it. */
export async function verify(): Promise<void> {
  const { parts, close } = await wire(loadConfig(process.env), new Logger('warn'), { join: true });
  try {
    const { count, streams, erased, head, sha256 } = await withProgress('Vérification du journal', 'positions', (progress) =>
      verifyLog({ ...parts, progress }),
    );
    console.log(
      `Le journal est sain : ${count} événements dans ${streams} flux, dont ${erased} de personnes effacées ; tête ${head ?? '(vide)'}.`,
    );
    console.log(`SHA-256 ${sha256}`);
  } finally {
    await close();
  }
}
