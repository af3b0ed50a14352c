import { forbidden, impossible } from '../../kernel/errors.js';
import { code, date, nir, pattern, text } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { isReadableName, nirContradictions } from '../../person/traits.js';
import { act } from '../act.js';
import { isLetIn } from '../view.js';

/** No spaces, quotes or lists: it goes into the head of a message. */
export const EMAIL = /^[^\s@<>"',;:()[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,6}$/;

/** The person's traits, as one partner holds them. The last word counts, by order of recording, whatever day it is dated. */
export const PersonIdentified = act({
  type: 'PersonIdentified',
  command: 'identify-person',
  label: t('Identité de la personne', 'Identity of the person'),
  source: 'L.4624-8 CT (INS), R.115-1 CSS (NIR)',
  zone: 'identity',
  rank: 1,
  by: CASE_WORKERS,
  fields: {
    familyName: text('identity', t('nom de naissance', 'birth name'), 'MARTIN', 100),
    usedName: text('identity', t('nom d’usage, s’il est autre', 'name in daily use, if another'), 'DUPONT', 100).optional(),
    givenNames: text('identity', t('prénoms', 'given names'), 'Claire', 100),
    birthDate: date('identity', t('date de naissance', 'date of birth'), '1979-05-21'),
    sex: code('identity', t('sexe', 'sex'), ['F', 'M']).optional(),
    nir: nir('identity', t('NIR, clé comprise', 'NIR with its key')).optional(),
    nia: nir('identity', t('NIA, clé comprise', 'NIA with its key')).optional(),
    phone: pattern('identity', t('téléphone', 'phone'), /^\+?[0-9 .]{8,20}$/, '03 84 00 00 00').optional(),
    email: pattern('identity', t('adresse électronique', 'e-mail address'), EMAIL, 'claire.martin@example.org').optional(),
  },
  check: ({ data }) => [
    ...([data.familyName, data.usedName, data.givenNames].some((name) => name !== undefined && !isReadableName(name))
      ? [impossible('person.nameUnreadable', t('Un nom s’écrit avec des lettres, toutes lisibles.', 'A name is written in letters, all of them legible.'), 'RNIV, convention (D)')]
      : []),
    ...(data.nir !== undefined && nirContradictions(data.nir, data).length > 0
      ? [forbidden('person.nirContradicts', 'L.4624-8 CT, RNIV, convention (D)', t('Le NIR dit une autre date de naissance ou un autre sexe : l’un des deux est d’une autre personne, ou mal tapé.', 'The NIR tells another date of birth or sex: one of the two is somebody else’s, or mistyped.'), ['identity'])]
      : []),
  ], // prettier-ignore
  apply(draft, fact) {
    const { id, on, by, recordedBy, told, toldAt, joined } = fact;
    const { nia, ...data } = fact.data;
    draft.identities.push({ eventId: id, on, by, recordedBy, told, ...(joined !== undefined && { joined: true }), traits: data });
    const toldBy = [by.organisation, recordedBy?.organisation].filter((o) => o !== null && o !== undefined);
    for (const [kind, number] of [
      ['NIR', data.nir],
      ['NIA', nia],
    ] as const)
      if (number !== undefined) {
        const value = number.slice(0, 13);
        const known = draft.numbers.find((n) => n.value === value);
        if (!known) draft.numbers.push({ kind, value, toldAt, tellers: [...toldBy] });
        else known.tellers.push(...toldBy);
      }
    // Whoever let a file in did not ask the person whether she is reached there.
    if (!isLetIn(draft, fact)) {
      if (data.phone !== undefined) draft.reach.push({ channel: 'sms', address: data.phone, by, recordedBy, told });
      if (data.email !== undefined) draft.reach.push({ channel: 'email', address: data.email, by, recordedBy, told });
    }
    // What came with a file that was let in never replaces what those at home told (ADR 0014).
    draft.identities.sort((a, b) => Number(b.joined ?? false) - Number(a.joined ?? false) || a.told - b.told);
  },
});
