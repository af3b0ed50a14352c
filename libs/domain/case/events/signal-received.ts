import { bool, byProgram, code, newId } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { isAtHome } from '../at-home.js';
import { ORIGINS } from '../codes.js';
import { nowWith } from '../handshakes.js';
import { takesPart } from '../taking-part.js';

/** Somebody comes by, or is found, without any transmission: a shopkeeper before he stops, a fixed-term contract that ended (docs/domain.md). */
export const SignalReceived = act({
  type: 'SignalReceived',
  command: 'record-signal',
  label: t('Signalement', 'Signal'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  opens: true,
  by: CASE_WORKERS,
  fields: {
    signalId: newId('signal', t('signalement', 'signal')),
    origin: code('coordination', t('origine', 'origin'), ORIGINS, 'person'),
    detection: code('coordination', t('repérage', 'detection'), ORIGINS, 'france-services').optional(),
    inside: byProgram(bool('coordination', t('dit par qui prenait déjà part au dossier', 'told by whoever took part already')).optional()),
    byLaw: byProgram(bool('coordination', t('dit dans le dossier de sa caisse', 'told in the case of its caisse')).optional()),
  }, // prettier-ignore
  complete: ({ actor: { organisation, role }, data }, before, { directory, today }) => {
    if (organisation === null || before.openedOn === undefined) return data;
    if (takesPart(before, organisation, today)) return { ...data, inside: true };
    return isAtHome(before, { organisation, role }, today, directory) ? { ...data, byLaw: true } : data;
  },
  // What the organisation noted itself, and has still to triage.
  sameAs: ({ actor }, before) =>
    before.signals.find(
      (s) => !s.triage && s.part?.kind !== 'ended' && nowWith(before, s.holder.organisation, s.on) === actor.organisation,
    )?.id,
  apply(draft, { data, on, by, joined, revision }) {
    if (data.signalId !== undefined && !draft.signals.some((s) => s.id === data.signalId))
      draft.signals.push({
        id: data.signalId,
        holder: by,
        on,
        revision,
        ...(data.origin && { origin: data.origin }),
        ...(joined && { letIn: true }),
        ...(data.inside && { inside: true }),
        ...(data.byLaw && { byLaw: true }),
      });
  },
});
