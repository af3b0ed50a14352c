import { byProgram, code, date, list, newId, ref, siret, slots, text } from '../../kernel/fields.js';
import { type LocalDate } from '../../kernel/local-date.js';
import { CASE_WORKERS, type Party, type Role, ROLE_CODES } from '../../kernel/roles.js';
import { type Finding, forbidden, impossible } from '../../kernel/errors.js';
import { t } from '../../kernel/text.js';
import { deciderOf, MEASURES, opinionsFor } from '../../measures/index.js';
import { MEASURE_TYPES, type MeasureType } from '../../measures/types.js';
import { act, type Context } from '../act.js';
import { kinOf } from '../at-home.js';
import { hosts, periodOf, ruled } from '../measure-acts.js';
import { isElsewhere } from '../taking-part.js';
import { type CaseView, isLetIn, measureIn, measureOf, newMeasure } from '../view.js';

/** An opinion is asked of who gives it for this type, a decision of who takes it: whoever is asked sees the case. */
const addressed = ({ data, ctx }: { data: { type: MeasureType; decider?: string; asked?: readonly { role: Role; organisation: string }[] }; ctx: Context }): Finding[] => {
  const { opinions, decidedBy } = MEASURES[data.type];
  const acts = (organisation: string, role: Role | null) => role !== null && ctx.directory.find(organisation)?.roles.includes(role);
  return [
    ...((data.asked ?? []).every((a) => opinions.some((o) => o.role === a.role) && acts(a.organisation, a.role))
      ? []
      : [impossible('measure.askedWithoutRole', t('Un avis se demande à qui le rend pour cette mesure.', 'An opinion is asked of who gives it for this measure.'))]),
    ...(data.decider === undefined || acts(data.decider, decidedBy)
      ? []
      : [impossible('measure.notDecider', t('Cette organisation ne décide pas de cette mesure.', 'That organisation does not decide on this measure.'))]),
  ];
}; // prettier-ignore

interface Naming {
  readonly data: {
    readonly type: MeasureType;
    readonly decider?: string;
    readonly asked?: readonly { readonly role: Role; readonly organisation: string }[];
    readonly serviceMedical?: readonly { readonly organisation: string }[];
  };
  readonly before: CaseView;
  readonly actor: Party;
  readonly occurredOn: LocalDate;
}
/** Another fund, Service médical or health service than those of the case learns of it with the person's accord only. */
const elsewhere = ({ data, before, actor, occurredOn }: Naming): Finding[] => {
  const decidedBy = MEASURES[data.type].decidedBy ?? 'CPAM';
  const named = [...(data.decider === undefined ? [] : [{ organisation: data.decider, role: decidedBy }]), ...(data.asked ?? [])];
  const m = { type: data.type, requestedOn: occurredOn, ofCaisse: namesOf(data.serviceMedical) };
  return named.some((n) => n.organisation !== actor.organisation && isElsewhere(before, m, n))
    ? [forbidden('measure.elsewhere', 'L.1110-4 CSP, L.4622-2-1 CT, convention (D)', t('Une autre caisse ou un autre SPST que ceux du dossier n’y entrent qu’avec l’accord de la personne.', 'Another fund or health service than those of the case comes in with the person’s consent only.'))]
    : [];
}; // prettier-ignore

const namesOf = (list: readonly { readonly organisation?: string }[] | undefined): string[] =>
  (list ?? []).flatMap(({ organisation }) => organisation ?? []);

/** Those asked as Service médical, in a list of their own. */
const medicalOf = (asked: unknown, isOne: (organisation: string) => boolean = () => true) => {
  const found = (Array.isArray(asked) ? (asked as { role?: Role; organisation?: string }[]) : []).flatMap(
    ({ role, organisation }) => (role === 'MC' && organisation !== undefined && isOne(organisation) ? [{ organisation }] : []),
  );
  return found.length > 0 ? { serviceMedical: found } : {};
};

/** A measure is asked for. Opinions are asked of the organisations named, else of those that the case and the directory know. */
export const MeasureRequested = act({
  type: 'MeasureRequested',
  // In version 1 whoever was named as Service médical came in; they stand as they did.
  version: 2,
  upcasters: [(data) => ({ ...data, ...medicalOf(data['asked']) })],
  command: 'request-measure',
  label: t('Mesure demandée', 'Measure requested'),
  source: 'L.323-3-1 CSS',
  zone: 'measure',
  nature: 'ask',
  order: 'date',
  rank: 20,
  by: ['ASSURE', ...CASE_WORKERS],
  fields: {
    measureId: newId('measure', t('mesure', 'measure')),
    type: code('measure', t('type de mesure', 'type of measure'), MEASURE_TYPES, 'essaiEncadre'),
    hostSiret: siret('measure', t('SIRET de l’accueil', 'SIRET of the host')).optional(),
    host: ref('organisation', t('structure d’accueil, si elle est dans l’annuaire', 'host, if in the directory')).optional(),
    employer: ref('organisation', t('employeur, s’il est dans l’annuaire', 'employer, if in the directory')).optional(),
    object: text('measure', t('objet', 'object'), 'essai du poste de préparateur de commandes', 300).optional(),
    from: date('measure', t('premier jour demandé', 'first day asked'), '2023-09-04').optional(),
    to: date('measure', t('dernier jour demandé', 'last day asked'), '2023-09-20').optional(),
    slots: slots(t('jours de présence prévus', 'planned days of presence')).optional(),
    decider: ref('organisation', t('organisation qui décide ; la caisse du dossier si absente', 'who decides; the fund of the case if absent')).optional(),
    asked: list('measure', t('avis demandés', 'opinions asked'), {
      role: code('measure', t('rôle', 'role'), ROLE_CODES, 'MC'),
      organisation: ref('organisation', t('organisation', 'organisation')),
    }, { max: 10 }).optional(),
    // The directory knows whose Service médical one is; the case does not, and keeps it as it was then.
    serviceMedical: byProgram(list('measure', t('parmi eux, le Service médical de la caisse du dossier', 'among them, the Service médical of the fund of the case'), {
      organisation: ref('organisation', t('organisation', 'organisation')),
    }, { max: 10 }).optional()),
  }, // prettier-ignore
  complete: ({ data, occurredOn }, before, ctx) => {
    const period = periodOf(data);
    const measure = {
      ...newMeasure(data.measureId),
      type: data.type,
      periods: period ? [{ ...period, on: occurredOn, eventId: '' }] : [],
    };
    const caisse = ctx.directory.find(before.caisse ?? '');
    const spst = before.handshakes.filter((h) => h.effective && h.to.role === 'CPDP' && h.to.organisation).at(-1)
      ?.to.organisation;
    // The staff of the Service médical moved into the caisses (L.315-1 CSS): where nothing else is said, the caisse's own.
    const where = { MC: caisse?.roles.includes('MC') ? caisse.id : undefined, MT: spst ?? undefined } as Record<
      string,
      string | undefined
    >;
    const asked =
      data.asked ??
      opinionsFor(measure, before, occurredOn).flatMap(({ role }) => (where[role] ? [{ role, organisation: where[role] }] : []));
    return {
      ...data,
      asked,
      ...medicalOf(
        asked,
        (organisation) =>
          before.caisse !== undefined && kinOf({ organisation, role: 'MC' }, ctx.directory).includes(before.caisse),
      ),
      ...(data.decider === undefined &&
        before.caisse &&
        deciderOf(measure, before, occurredOn) === 'CPAM' && { decider: before.caisse }),
    };
  },
  check: (c) => {
    const overlapping = c.before.measures.some(
      (m) =>
        m.type === c.data.type && m.id !== c.data.measureId && m.status !== 'refused' && m.status !== 'closed' &&
        m.periods.some((p) => p.from && p.to && c.data.from && c.data.to && p.from <= c.data.to && c.data.from <= p.to),
    ); // prettier-ignore
    const viaAs = c.data.type !== 'essaiEncadre' && c.data.type !== 'crpe';
    return [
      ...hosts(c, c.data.host),
      ...addressed(c),
      ...elsewhere(c),
      ...ruled(c, 'request', c.data.measureId, c.data.from ?? c.occurredOn),
      ...(overlapping
        ? [forbidden('measure.overlaps', 'convention (D)', t('Une demande du même type couvre déjà ces dates.', 'A request of the same type covers these dates already.'), ['measure', 'decision'])]
        : []),
      ...(viaAs || ['AS', 'CSAM', 'ASSURE'].includes(c.actor.role) || ['AS', 'CSAM'].includes(c.recordedBy?.role ?? '')
        ? []
        : [forbidden('measure.viaSocialService', 'D.323-6-3 CSS (S)', t('Cette demande passe par le Service social.', 'This request goes through the Service social.'))]),
      ...(c.data.from && c.data.to && c.data.to < c.data.from ? [impossible('measure.datesReversed', t('La fin précède le début.', 'It ends before it begins.'))] : []),
      ...(measureIn(c.before, c.data.measureId)?.requestedOn ? [impossible('measure.requested', t('Cette mesure est déjà demandée.', 'It is requested already.'), undefined, ['measure'])] : []),
    ]; // prettier-ignore
  },
  apply(draft, fact) {
    const { id, data, on, by, recordedBy } = fact;
    if (data.measureId === undefined) return;
    const m = measureOf(draft, data.measureId);
    if (isLetIn(draft, fact)) m.letIn = true;
    m.requestedOn = on;
    m.requestEventId = id;
    m.requestedVia = by.role === 'ASSURE' && recordedBy ? recordedBy : by;
    m.asked = [...(data.asked ?? [])];
    m.ofCaisse = namesOf(data.serviceMedical);
    if (data.type !== undefined) m.type = data.type;
    for (const key of ['hostSiret', 'host', 'employer', 'object', 'decider'] as const)
      if (data[key] !== undefined) m[key] = data[key];
    const period = periodOf(data);
    if (period) m.periods.unshift({ ...period, on, eventId: id });
  },
});
