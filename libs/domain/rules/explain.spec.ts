import { AS, BOOK, CPAM, directory, MT, Story, supported } from '../../../test/support/story.js';
import { type CaseView } from '../case/view.js';
import { type LocalDate, localDate } from '../kernel/local-date.js';
import { explain } from './explain.js';
import { type RuleCode, RULES } from './index.js';
import { current, obligations } from './obligations.js';
import { missedToTell } from './watch.js';

/** What each rule says of a case on a day, in French. */
function said(seen: CaseView, on: string, knownOn?: LocalDate): Partial<Record<RuleCode, string>> {
  const today = localDate(on);
  const told = { seen, rulebook: BOOK, nameOf: (id: string) => directory.find(id)?.name ?? id, today };
  return Object.fromEntries(current(obligations(seen, BOOK, knownOn), today).map((o) => [o.rule, explain(o, told).fr]));
}
const referred = (): Story => {
  const story = new Story();
  const { signalId } = story.does('record-signal', { origin: 'person' }, { by: CPAM, on: '2023-03-20' });
  story.does('refer-case', { target: 'carsat-bfc', targetRole: 'AS', motive: 'pdp' }, { by: CPAM, on: '2023-03-20' });
  story.does('conclude-triage', { handshakeId: signalId, outcome: 'passed-on' }, { by: CPAM, on: '2023-03-20' });
  return story;
};
/** The same once the watch has told what was missed by a day. */
function watched(story: Story, on: string): CaseView {
  const today = localDate(on);
  for (const { type, on: occurredOn, data, key } of missedToTell(story.view, BOOK, undefined, today))
    story.events.push({ ...story.events.at(-1)!, id: key, type, occurredOn, data });
  return story.view;
}

describe('a line says in French', () => {
  it('what is to be done, by when, whose it is, by which delay and from which text', () => {
    const text = 'Orientation à accepter ou décliner, au plus tard le 27/03/2023 (carsat-bfc, depuis le 20/03/2023).';
    const delay = 'Délai : 7 jours, le premier non compris. Source : convention.';
    expect(said(referred().view, '2023-03-27')['referral-to-answer']).toBe(`${text} ${delay}`);
    expect(said(referred().view, '2023-03-28')['referral-to-answer']).toBe(`${text} En retard depuis le 28/03/2023. ${delay}`);
  });
  it('how far a missed duty was told, and to the coordinator which one it is', () => {
    const late = 'En retard depuis le 28/03/2023';
    expect(said(watched(referred(), '2023-04-05'), '2023-04-05')['referral-to-answer']).toContain(
      `${late} ; son organisation en est avertie.`,
    );
    const told = said(watched(referred(), '2023-04-11'), '2023-04-11');
    expect(told['referral-to-answer']).toContain(`${late} ; le coordinateur du dossier en est averti.`);
    expect(told['escalation-to-handle']).toBe(
      'Échéance dépassée chez un partenaire, à relancer ou à reprendre, au plus tard le 18/04/2023 (cpam-39, depuis le 11/04/2023). « Orientation à accepter ou décliner » : carsat-bfc, pour le 27/03/2023. Délai : 7 jours, le premier non compris. Source : convention.',
    );
  });
  it('that a duty was due before the case was known here', () => {
    expect(said(referred().view, '2023-09-01', localDate('2023-09-01'))['referral-to-answer']).toBe(
      'Orientation à accepter ou décliner, au plus tard le 08/09/2023 (carsat-bfc, depuis le 20/03/2023). Son échéance, le 27/03/2023, était passée quand le dossier a été connu ici. Délai : 7 jours, le premier non compris. Source : convention.',
    );
  });
  it('what grace there is', () => {
    const story = supported();
    story.does('book-appointment', { date: '2023-04-20', channel: 'visu' }, { by: AS, on: '2023-04-03' });
    expect(said(story.view, '2023-04-21')['appointment']).toBe(
      'Rendez-vous à tenir, au plus tard le 20/04/2023 (carsat-bfc, depuis le 03/04/2023). Délai : une tolérance de 7 jours, le premier non compris. Source : Carsat BFC, bilan PDP 2023 ; convention.',
    );
  });
  it('the text of the measure that it is about', () => {
    const story = supported();
    const asked = (type: string) =>
      story.does('request-measure', { type, from: '2023-05-02', to: '2023-05-12' }, { by: AS, on: '2023-04-03' })['measureId'];
    asked('rqth');
    expect(said(story.view, '2023-04-04')['request-to-decide']).toMatch(/Source : L\.5213-2 CT ; délai : convention\.$/);
    story.does('start-measure', { measureId: asked('formation') }, { by: AS, on: '2023-05-02' });
    expect(said(story.view, '2023-05-03')['measure-running']).toMatch(/Source : L\.6313-1 CT\.$/);
    expect(said(story.view, '2023-05-20')['measure-to-review']).toMatch(/Source : convention\.$/);
  });
  it('no delay where a meeting fixed the day', () => {
    const story = supported();
    const { measureId } = story.does('request-measure', { type: 'formation', from: '2023-06-01', to: '2023-06-30' }, { by: AS, on: '2023-04-03' }); // prettier-ignore
    story.does('request-ilco-review', { measureId }, { by: AS, on: '2023-04-03' });
    expect(said(story.view, '2023-04-04')['ilco-avis-to-give']).toContain('Délai : 90 jours');
    const ilco = {
      chair: { organisation: 'cpam-39', role: 'CPAM' as const },
      since: localDate('2023-04-03'),
      date: localDate('2023-04-20'),
    };
    const view = { ...story.view, measures: story.view.measures.map((m) => ({ ...m, ilco })) };
    expect(said(view, '2023-04-04')['ilco-avis-to-give']).toMatch(
      /au plus tard le 20\/04\/2023 .*Délai : une tolérance de 8 jours/,
    );
  });
  it('a law only once', () => {
    const story = supported();
    story.does('end-sick-leave', { leaveId: story.view.leaves[0]!.id, lastDay: '2023-06-30' }, { by: CPAM, on: '2023-06-30' });
    expect(said(story.view, '2023-07-03')['return-visit-to-hold']).toMatch(/ Source : R\.4624-31 CT\.$/);
  });
  it('what may be done, what is to come, and what needs a look', () => {
    const { view } = supported();
    const seen = said(view, '2024-01-10');
    expect(said(view, '2023-03-22')['pre-return-visit']).toBe(
      'Visite de préreprise possible depuis le 08/02/2023, jusqu’au 31/12/2023 ; personne n’y est tenu. Source : R.4624-29 CT.',
    );
    expect(said(view, '2023-03-22')['leave-end']).toBe('Fin d’arrêt prévue : le 31/12/2023. Source : L.321-1 CSS.');
    expect(seen['leave-end']).toBe('Fin d’arrêt prévue : le 31/12/2023, passé. Source : L.321-1 CSS.');
    expect(said(view, '2023-03-22')['no-pre-return-visit']).toBe(
      'Arrêt long sans visite de préreprise, depuis le 11/03/2023. Source : R.4624-29 CT ; seuil : convention.',
    );
  });
  it('nothing twice, and no mark of ours, whatever the rule', () => {
    const { view } = supported();
    for (const rule of RULES)
      for (const step of [0, 1, 2, 3] as const) {
        const o = { nature: rule.nature, rule: rule.code, subject: 's', zone: rule.zone, organisation: 'o', role: MT.role, since: localDate('2023-03-20'), article: rule.article, step } as const; // prettier-ignore
        const text = explain(o, { seen: view, rulebook: BOOK, nameOf: () => 'O', today: localDate('2023-03-20') }).fr;
        expect(text).not.toMatch(/\([DS]\)|\bundefined\b|convention ; convention| {2}|\.\./);
        expect(text).toMatch(/^[A-ZÉÀ].*\. Source : .+\.$/);
      }
  });
});
