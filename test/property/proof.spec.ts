import { caseActs } from '../../libs/domain/case/acts.js';
import { exampleOf } from '../../libs/domain/kernel/fields.js';
import { ANYTHING, LEFT_OUT } from '../proof/deeds.js';
import { explore, type FoundGap, type Scope } from '../proof/explore.js';
import { scopesOf } from '../proof/scopes.js';
import { walk } from '../proof/walks.js';
import { inWords, printed, shortest } from '../proof/words.js';
import { type Product, PRODUCT } from '../proof/world.js';
import { AS, ASSURE, CPAM, CPDP, MT, party, supported } from '../support/story.js';

/** `npm run proof` explores more; here is as much as can be shown in some seconds, and that a hole would be found. */
const scope = (name: string, bounds: Partial<Scope> = {}): Scope => ({ ...scopesOf('quick').find((s) => s.name === name)!, ...bounds }); // prettier-ignore
const words = (gaps: readonly FoundGap[]): string[] => shortest(gaps).map((gap) => printed(inWords(gap)));

describe('nobody is left without a partner that has to move', () => {
  it.each(['signalement', 'accords pour soi', 'référent', 'transfert', 'contacts', 'clôture', 'avis d’une instance', 'décès annoncé', 'signalement × accords', 'mesure × clôture'])('%s', (name) => {
    const { states, transitions, gaps, frontier } = explore(PRODUCT, scope(name));
    expect(words(gaps)).toEqual([]);
    expect(frontier).toBe(0);
    expect(states.length).toBeGreaterThan(10);
    expect(transitions.length).toBeGreaterThan(states.length);
  }); // prettier-ignore
  it('beyond the bounds, on a few walks', () => {
    const { states, gaps } = walk(PRODUCT, 3, 1, () => false);
    expect(words(gaps)).toEqual([]);
    expect(states).toBeGreaterThan(20);
  });
});

describe('a rule that is broken is found, by the shortest path', () => {
  const orientation = scope('orientation', { commands: ['refer-case', 'accept-referral', 'decline-referral'], referrals: 1, targets: [AS], cast: [CPAM, AS] }); // prettier-ignore
  const found = (broken: Partial<Product>): string => {
    const all = words(explore({ ...PRODUCT, ...broken }, orientation).gaps);
    return all.sort((a, b) => a.split('\n').length - b.split('\n').length)[0] ?? 'no gap';
  };
  it('nothing is broken', () => expect(found({})).toBe('no gap'));
  it('a referral that nobody has to answer', () => {
    expect(found({ rules: PRODUCT.rules.filter(({ code }) => code !== 'referral-to-answer') })).toMatchInlineSnapshot(`
     "Trou (accountable.noClock.referral) : carsat-bfc (referral) répond du dossier et rien ne lui est échu : aucun délai ne court.
       1. 14/03/2023  référent PDP de la caisse (cpam-39) : Orientation vers un partenaire (carsat-bfc, AS, pdp)  [refer-case]"
    `);
  });
  it('a list that leaves out the referrals that were accepted', () => {
    const rows: Product['rows'] = (events) => PRODUCT.rows(events).filter(({ rule }) => rule !== 'referral-to-triage');
    expect(found({ rows })).toMatchInlineSnapshot(`
     "Trou (duty.unlisted.referral-to-triage) : carsat-bfc (AS) doit « referral-to-triage » et ne l’a pas dans sa liste.
       1. 14/03/2023  référent PDP de la caisse (cpam-39) : Orientation vers un partenaire (carsat-bfc, AS, pdp)  [refer-case]
       2. 14/03/2023  assistant de service social (carsat-bfc) : Orientation acceptée  [accept-referral]"
    `);
  });
  it('a case that comes back to nobody when it is declined', () => {
    const view: Product['view'] = (events, on) => {
      const { accountable, ...rest } = PRODUCT.view(events, on);
      return accountable?.reason === 'declined-to-sender' ? rest : { ...rest, ...(accountable && { accountable }) };
    };
    expect(found({ view })).toMatchInlineSnapshot(`
     "Trou (accountable.none) : Dossier ouvert dont personne ne répond.
       1. 14/03/2023  référent PDP de la caisse (cpam-39) : Orientation vers un partenaire (carsat-bfc, AS, pdp)  [refer-case]
       2. 14/03/2023  assistant de service social (carsat-bfc) : Orientation déclinée (no-capacity)  [decline-referral]"
    `);
  });
  it('a watch that goes no further than the organisation', () => {
    const missed: Product['missed'] = (...of) => PRODUCT.missed(...of).filter(({ data }) => data['step'] !== 3);
    expect(found({ missed })).toMatchInlineSnapshot(`
     "Trou (duty.untold.referral-to-answer) : carsat-bfc (AS) ne fait pas « referral-to-answer », et la veille ne le dit pas au coordinateur.
       1. 14/03/2023  référent PDP de la caisse (cpam-39) : Orientation vers un partenaire (carsat-bfc, AS, pdp)  [refer-case]
       2. 05/04/2023  le temps passe ; échéance dépassée chez carsat-bfc, niveau 1 : « Orientation à accepter ou décliner » ; échéance dépassée chez carsat-bfc, niveau 2 : « Orientation à accepter ou décliner »"
    `);
  });
});

describe('every act of a case', () => {
  const leftOut = Object.values(LEFT_OUT).flat();
  it('is tried by the proof, or left out with a reason', () => {
    const commands = caseActs().flatMap(({ command }) => command ?? []);
    // Carried by other streams, or events about a fact.
    const carried = [
      'confirm-fact',
      'deny-fact',
      'IlcoReviewScheduled',
      'IlcoReviewUnscheduled',
      'FileFound',
      'FileOver',
      'ConsentConfirmed',
    ];
    expect([...ANYTHING.commands, ...leftOut].sort()).toEqual([...commands, ...carried].sort());
  });
  it.each(leftOut)('%s, that is left out, changes nothing of what is owed', (command) => {
    const story = supported();
    const { measureId } = story.does('start-measure', { type: 'formation', from: '2023-05-02', to: '2023-06-30' }, { by: AS, on: '2023-05-02' }); // prettier-ignore
    const { fields, by } = caseActs().find((a) => a.command === command)!;
    const data = { ...exampleOf(fields, { optional: false }), ...('measureId' in fields && { measureId }) };
    const actor = [AS, CPDP, CPAM, MT, ASSURE].find((p) => by.includes(p.role)) ?? party(by[0]!);
    if (command === 'record-six-month-attempt') story.does('close-support', { motive: 'moved-away' }, { by: AS, on: '2023-05-03' }); // prettier-ignore
    if (command === 'deny-withdrawal') {
      const attested = { by: ASSURE, recordedBy: AS, on: '2023-05-03' };
      const { consentId } = story.does(
        'grant-consent',
        { zones: ['job'], recipient: 'cep-39', purpose: 'support', proof: 'call' },
        attested,
      );
      story.does('withdraw-consent', { consentId }, attested);
      Object.assign(data, { consentId });
    }
    const before = [story.duties, story.view.accountable];
    story.does(command, data, { by: actor, ...(!actor.organisation && { recordedBy: AS }), on: '2023-05-03' });
    expect([story.duties, story.view.accountable]).toEqual(before);
  });
});
