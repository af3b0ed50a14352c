import { ref } from '../../kernel/fields.js';
import { impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { act } from '../act.js';
import { isSpst } from '../handshakes.js';
import { together } from '../same-leave.js';
import { handshakeIn } from '../view.js';

/** The caisse found the SPST that a transmission was meant for. */
export const SpstIdentified = act({
  type: 'SpstIdentified',
  command: 'identify-spst',
  label: t('SPST identifié', 'Occupational health service identified'),
  source: 'L.315-4 CSS',
  zone: 'coordination',
  nature: 'ask',
  by: ['CPAM', 'MC'],
  fields: {
    transmissionId: ref('handshake', t('transmission', 'transmission')),
    spst: ref('organisation', t('SPST', 'occupational health service')),
  },
  available: (v) =>
    v.handshakes.some((h) => h.kind === 'transmission' && h.to.organisation === null)
      ? []
      : [
          impossible(
            'transmission.spstKnown',
            t('Aucune transmission ne cherche son SPST.', 'No transmission is looking for its service.'),
          ),
        ],
  check: ({ data, before, ctx }) => {
    const h = handshakeIn(before, data.transmissionId);
    if (!h)
      return [impossible('handshake.unknown', t('Transmission inconnue dans ce dossier.', 'No such transmission in this case.'))];
    return h.to.organisation
      ? [
          impossible(
            'transmission.spstKnown',
            t('Cette transmission a déjà son SPST.', 'This transmission has its service already.'),
          ),
        ]
      : isSpst(ctx.directory, data.spst);
  },
  apply(draft, { data }) {
    if (data.spst === undefined) return;
    for (const h of together(draft, data.transmissionId)) h.to = { ...h.to, organisation: data.spst };
  },
});
