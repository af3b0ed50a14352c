import { code, date, list, nir, pattern, text } from '../../kernel/fields.js';
import { t } from '../../kernel/text.js';
import { CASE_WORKERS } from '../../kernel/roles.js';
import { act } from '../act.js';

/** No spaces, quotes or lists: it goes into the head of a message. */
export const EMAIL = /^[^\s@<>"',;:()[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,6}$/;

/** The person's traits, as one partner holds them. The last word counts. */
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
    givenNames: text('identity', t('prénoms', 'given names'), 'Claire', 100),
    birthDate: date('identity', t('date de naissance', 'date of birth'), '1979-05-21'),
    sex: code('identity', t('sexe', 'sex'), ['F', 'M']).optional(),
    nir: nir('identity', t('NIR, clé comprise', 'NIR with its key')).optional(),
    numbers: list(
      'identity',
      t('numéros, sans leur clé', 'numbers, without their keys'),
      {
        kind: code('identity', t('sorte', 'kind'), ['NIR', 'NIA']),
        value: pattern('identity', t('numéro', 'number'), /^[0-9AB]{13}$/, '2550814168025'),
      },
      { max: 4 },
    ).optional(),
    phone: pattern('identity', t('téléphone', 'phone'), /^\+?[0-9 .]{8,20}$/, '03 84 00 00 00').optional(),
    email: pattern('identity', t('adresse électronique', 'e-mail address'), EMAIL, 'claire.martin@example.org').optional(),
  },
  apply(draft, { data: { numbers = [], ...data }, by, recordedBy }) {
    draft.person = { ...draft.person, ...data };
    const told = [...numbers, ...(data.nir === undefined ? [] : [{ kind: 'NIR' as const, value: data.nir.slice(0, 13) }])];
    for (const n of told) if (!draft.numbers.some(({ value }) => value === n.value)) draft.numbers.push(n);
    const toldBy = [by.organisation, recordedBy?.organisation].filter((o) => o !== null && o !== undefined);
    if (data.phone !== undefined) draft.reach.push({ channel: 'sms', address: data.phone, toldBy });
    if (data.email !== undefined) draft.reach.push({ channel: 'email', address: data.email, toldBy });
  },
});
