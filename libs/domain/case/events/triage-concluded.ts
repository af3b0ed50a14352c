import { code, ref } from '../../kernel/fields.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { LEADS } from '../handovers.js';
import { answerable, isMine, nowWith } from '../handshakes.js';
import { together } from '../same-leave.js';
import { handshakeIn } from '../view.js';

/** A signal becomes a supported case only here, by whoever received it and acknowledged its receipt. */
export const TriageConcluded = act({
  type: 'TriageConcluded',
  command: 'conclude-triage',
  label: t('Tri conclu', 'Triage concluded'),
  source: 'convention (D)',
  zone: 'coordination',
  nature: 'ask',
  guarded: true,
  by: CASE_WORKERS,
  fields: {
    handshakeId: ref('handshake', t('transmission, orientation ou signalement', 'transmission, referral or signal')),
    outcome: code('coordination', t('issue', 'outcome'), [
      'accompanied',
      'no-need',
      'refused-by-person',
      'unreachable',
      'back-at-work',
      'passed-on',
    ]),
  },
  check: (c) => {
    if (c.data.outcome === 'accompanied' && !LEADS.includes(c.actor.role))
      return [forbidden('triage.notLead', 'convention (D)', t('Ce rôle ne peut pas être référent : orienter, et conclure « passé à un autre ».', 'This role may not lead: refer, and conclude "passed on".'))]; // prettier-ignore
    const signal = c.before.signals.find((s) => s.id === c.data.handshakeId);
    if (signal) {
      if (nowWith(c.before, signal.holder.organisation, signal.on) !== c.actor.organisation)
        return [
          impossible(
            'handshake.notYours',
            t('Ce signalement est tenu par une autre organisation.', 'Another organisation holds this signal.'),
          ),
        ];
      return signal.triage && signal.triage.outcome !== 'passed-on'
        ? [impossible('handshake.triaged', t('Le tri est déjà conclu.', 'Triage is concluded already.'))]
        : [];
    }
    const h = handshakeIn(c.before, c.data.handshakeId);
    return [
      ...isMine(c, c.data.handshakeId),
      ...answerable(c.before, c.data.handshakeId),
      ...(h && !h.receivedOn ? [impossible('triage.notAcknowledged', t('Accuser réception avant de conclure le tri.', 'Acknowledge receipt before concluding the triage.'), 'convention (D)')] : []),
    ]; // prettier-ignore
  },
  apply(draft, { data, on, by, revision }) {
    if (data.outcome === undefined) return;
    const asked = [...together(draft, data.handshakeId), ...draft.signals.filter((s) => s.id === data.handshakeId)];
    for (const one of asked) one.triage = { on, by, outcome: data.outcome, revision };
  },
});
