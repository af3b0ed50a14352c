import { type Finding, impossible } from '../kernel/errors.js';
import { aside } from '../kernel/aside.js';
import { bool, code, date, int, pattern, text } from '../kernel/fields.js';
import { t } from '../kernel/text.js';
import { type Unit, UNITS } from '../rules/calendar.js';
import { type Delay, DELAY_NAMES, DELAYS } from '../rules/delays.js';

/** `config-delays`: a delay set for the country, a region or a département, from a day on. What was in force before that day stays so. */
export const DelaySet = aside({
  type: 'DelaySet',
  command: 'set-delay',
  path: 'delays',
  label: t('Fixer un délai de convention, à partir d’un jour', 'Set a delay of convention, from a day on'),
  by: ['OPERATOR'],
  fields: {
    name: code('coordination', t('délai', 'delay'), DELAY_NAMES, 'referral.answer'),
    count: int('coordination', t('nombre', 'number'), 0, 3650, 10),
    unit: code('coordination', t('unité', 'unit'), UNITS, 'jourOuvre'),
    dayOneCounts: bool('coordination', t('le premier jour compte', 'day one counts'), false),
    lastDayOffMoves: bool('coordination', t('un dernier jour chômé est reporté', 'a last day off moves'), true),
    place: pattern(
      'coordination',
      t('département ou région ; absent : le pays', 'département or region; absent: the country'),
      /^[0-9A-Z]{2,5}$/,
      '39',
    ).optional(),
    from: date('coordination', t('en vigueur à partir du', 'in force from'), '2024-01-01'),
    source: text('coordination', t('texte ou convention', 'text or agreement'), 'convention CEP–ASTHM du 15/09/2023', 300),
  },
  family: 'config',
  id: () => 'delays',
  check: ({ data }) => [...delayFindings(data.name), ...unitFindings(data)],
});

/** What a text of law sets is not ours to change. */
const LAW = DELAYS.filter((d) => / C(T|SS)$/.test(d.source)).map((d): string => d.name);
const delayFindings = (name: string): Finding[] =>
  LAW.includes(name)
    ? [
        impossible(
          'delay.setByLaw',
          t('Ce délai est fixé par la loi.', 'This delay is set by law.'),
          DELAYS.find((d) => d.name === name)?.source,
        ),
      ]
    : [];

/** Attempts and shares are no days, nor days the one or the other; a share of none at all is no share. */
const COUNTED: readonly Unit[] = ['attempt', 'draw'];
const unitFindings = ({
  name,
  unit,
  count,
}: {
  readonly name: string;
  readonly unit: Unit;
  readonly count: number;
}): Finding[] => {
  const usual = DELAYS.find((d) => d.name === name)?.unit ?? 'day';
  const alike = COUNTED.includes(unit) || COUNTED.includes(usual) ? unit === usual : true;
  return alike && (unit !== 'draw' || count > 0)
    ? []
    : [impossible('delay.otherUnit', t('Ce délai se compte dans une autre unité.', 'This delay is counted in another unit.'))];
};

export const delayOf = (data: Readonly<Record<string, unknown>>): Delay => data as unknown as Delay;
