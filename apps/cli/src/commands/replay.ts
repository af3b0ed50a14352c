import { type Instant, localDate } from '../../../../libs/domain/kernel/local-date.js';
import { NotFound } from '../../../../libs/application/messages.js';
import { ReplayCase, ReplayCaseHandler, type ReplayStep } from '../../../../libs/application/replay.js';
import { loadConfig } from '../../../../libs/platform/config.js';
import { Logger } from '../../../../libs/platform/logger.js';
import { wire } from '../../../../libs/platform/wiring.js';

/** `fil-rouge replay CASE`: one case from the log, event by event, under the mandate of an auditor. @returns the exit code */
export async function replay(
  caseId: string,
  { as, knownOn, trueOn }: { as: string; knownOn?: string; trueOn?: string },
): Promise<number> {
  const wiring = await wire(loadConfig(process.env), new Logger('warn'), { join: true });
  try {
    const caller = {
      organisation: 'audit',
      role: 'AUDITOR',
      person: as,
      expiresAt: wiring.parts.clock.now() as Instant,
    } as const;
    const days = { ...(knownOn && { knownOn: localDate(knownOn) }), ...(trueOn && { trueOn: localDate(trueOn) }) };
    const { mandate, steps } = await new ReplayCaseHandler(wiring.parts).execute(new ReplayCase(caseId, caller, days));
    console.log(
      `Dossier ${caseId}, mandat ${mandate.mandateId} : faits du ${mandate.factsFrom} au ${mandate.factsTo}, zones ${mandate.zones.join(', ')}.`,
    );
    for (const step of steps) console.log(told(step));
    return 0;
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    console.error(`Aucun mandat de ${as} ne couvre ce dossier, ou le dossier n’existe pas.`);
    return 1;
  } finally {
    await wiring.close();
  }
}

function told({ step, label, occurredOn, recordedAt, actor, recordedBy, data, irregularities, state }: ReplayStep): string {
  const by = `${actor.organisation ?? '—'} (${actor.role})${recordedBy ? `, enregistré par ${recordedBy.organisation} (${recordedBy.role})` : ''}`;
  const open = state.openMeasures.map((m) => `${m.type ?? '?'} ${m.status}`).join(', ');
  return [
    '',
    `${step}. ${occurredOn} (enregistré le ${recordedAt}) — ${label.fr} — ${by}`,
    ...(Object.keys(data).length ? [`   ${JSON.stringify(data)}`] : []),
    ...(irregularities.length ? [`   irrégulier : ${irregularities.map((i) => `${i.code} (${i.article})`).join(', ')}`] : []),
    `   ensuite : ${state.status} ; à qui le tour : ${state.accountable?.organisation ?? 'personne'}${open ? ` ; mesures : ${open}` : ''}`,
  ].join('\n');
}
