import fc from 'fast-check';
import { takesPart } from '../../libs/domain/case/taking-part.js';
import { type CaseView } from '../../libs/domain/case/view.js';
import { Refused } from '../../libs/domain/kernel/errors.js';
import { addDays, type LocalDate, localDate } from '../../libs/domain/kernel/local-date.js';
import { CASE_WORKERS, type Party, sameInstitution } from '../../libs/domain/kernel/roles.js';
import { MEASURE_TYPES } from '../../libs/domain/measures/types.js';
import { ACCORD, ASSURE, directory, LEAVE, ORGANISATIONS, party, SLOTS, Story } from '../support/story.js';

/** One step of a walk: which act, two choices among what the case offers, and the days since the step before. */
type Step = readonly [act: number, a: number, b: number, days: number];
type Deed = readonly [command: string, data: Record<string, unknown>, by: Party];

const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % all.length];
const PARTNERS = ORGANISATIONS.flatMap((o) => o.roles.map((role) => party(role, o.id)));
const WORKERS = PARTNERS.filter((p) => CASE_WORKERS.includes(p.role));
/** Somebody who acts for the case as it stands: mostly whoever is accountable, at times anybody else. */
const actor = (v: CaseView, n: number): Party => {
  const accountable = WORKERS.filter((p) => p.organisation === v.accountable?.organisation);
  return (n % 3 ? pick(accountable, n) : undefined) ?? pick(WORKERS, n)!;
};
/** The partner to which a transmission, a referral or an offer is addressed. */
const addressee = (to: { organisation: string | null; role: Party['role'] } | undefined): Party =>
  to?.organisation ? party(to.role, to.organisation) : ASSURE;

const DEEDS: ((v: CaseView, a: number, b: number) => Deed)[] = [
  (_v, a, b) => ['transmit-sick-leave', { ...(a % 2 ? { spstCode: 'MT39' } : { spstCode: 'MT99' }), leave: LEAVE, accord: ACCORD }, party(b % 2 ? 'CPAM' : 'MC', 'cpam-39')],
  (v, a, b) => { const to = pick(PARTNERS, a)!; return ['refer-case', { target: to.organisation, targetRole: to.role, motive: 'pdp', ...(b % 2 && { consentId: pick(v.consents, b)?.id }) }, b % 7 === 0 ? ASSURE : actor(v, b)]; },
  (v, a, b) => ['record-signal', { origin: 'person' }, actor(v, a + b)],
  (v, a) => { const h = pick(v.handshakes, a); return ['acknowledge-receipt', { handshakeId: h?.id }, addressee(h?.to)]; },
  (v, a) => { const h = pick(v.handshakes, a); return ['accept-referral', { referralId: h?.id }, addressee(h?.to)]; },
  (v, a) => { const h = pick(v.handshakes, a); return ['decline-referral', { referralId: h?.id, motive: 'no-capacity' }, addressee(h?.to)]; },
  (v, a) => { const h = pick(v.handshakes, a); return ['revoke-referral', { referralId: h?.id, motive: 'mistake' }, h?.from ?? ASSURE]; },
  (v, a, b) => { const h = pick(v.handshakes, a); const to = pick(PARTNERS, b)!; return ['redirect-referral', { handshakeId: h?.id, target: to.organisation, targetRole: to.role, motive: 'pdp' }, addressee(h?.to)]; },
  (v, a, b) => { const s = pick([...v.handshakes, ...v.signals], a); const by = s && 'holder' in s ? s.holder : addressee(s?.to);
    return ['conclude-triage', { handshakeId: s?.id, outcome: pick(['accompanied', 'no-need', 'unreachable', 'passed-on'], b) }, by]; },
  (v, a) => ['identify-spst', { transmissionId: v.handshakes.find((h) => !h.to.organisation)?.id, spst: pick(['ast-39', 'ast-21'], a) }, party('CPAM', 'cpam-39')],
  (v, a) => ['assign-lead', {}, actor(v, a)],
  (v, a) => ['open-support', { origin: 'cpam' }, actor(v, a)],
  (v, a, b) => { const to = pick(PARTNERS, a)!; return ['propose-handover', { to: to.organisation, toRole: to.role, motive: 'load' }, actor(v, b)]; },
  (v, a) => { const h = pick(v.handovers, a); return ['accept-handover', { handoverId: h?.id }, h ? party(h.toRole, h.to) : ASSURE]; },
  (v, a) => { const h = pick(v.handovers, a); return ['decline-handover', { handoverId: h?.id, motive: 'no-capacity' }, h ? party(h.toRole, h.to) : ASSURE]; },
  (v, a, b) => { const to = pick(PARTNERS, a)!; return ['propose-transfer', { to: to.organisation, toRole: to.role, motive: 'moved' }, b % 2 ? party('CPAM', v.caisse ?? null) : actor(v, b)]; },
  (v, a) => { const h = pick(v.transfers, a); return ['accept-transfer', { transferId: h?.id }, h ? party(h.toRole, h.to) : ASSURE]; },
  (_v, a, b) => { const to = pick(PARTNERS, a)!; return ['grant-consent', { zones: ['identity'], ...(b % 2 ? { recipient: to.organisation } : { recipientRole: to.role }), purpose: 'referral', proof: 'form' }, ASSURE]; },
  (v, a) => ['withdraw-consent', { consentId: pick(v.consents, a)?.id }, ASSURE],
  (v, a) => ['book-appointment', { date: '2030-01-01', channel: 'visu' }, actor(v, a)],
  (v, a, b) => ['request-measure', { type: pick(MEASURE_TYPES, a), from: '2023-06-05', to: '2023-06-16', slots: SLOTS('2023-06-05', 5) }, actor(v, b)],
  (v, a, b) => ['start-measure', { measureId: pick(v.measures, a)?.id }, actor(v, b)],
  (v, a, b) => ['close-measure', { measureId: pick(v.measures, a)?.id }, actor(v, b)],
  (v, a) => ['refuse-measure', { measureId: pick(v.measures, a)?.id, motive: 'other', recourseStated: true }, party('CPAM', v.caisse ?? null)],
  (v, a, b) => ['close-support', { motive: pick(['goal-reached', 'moved-away', 'death', 'measure-taken-over'], a), ...(a % 4 === 3 && { takenOverBy: pick(ORGANISATIONS, b)!.id }) }, actor(v, b)],
  (v, a) => ['reopen-case', { motive: 'relapse' }, actor(v, a)],
  (v, a) => ['complete-six-month-follow-up', { situation: 'same-job' }, actor(v, a)],
  (v, a) => ['record-six-month-unreachable', { attempts: 3 }, actor(v, a)],
  (v, a) => (a % 5 ? ['record-interview', { mode: 'visu' }, actor(v, a)] : ['record-death', {}, actor(v, a)]),
]; // prettier-ignore

/** Does it as the application would let it: by somebody who takes part, or recorded by the accountable organisation with evidence. */
function attempt(story: Story, [command, data, by]: Deed, on: LocalDate): void {
  const { view } = story;
  const partakes = by.organisation !== null && directory.find(by.organisation)?.roles.includes(by.role) === true &&
    CASE_WORKERS.includes(by.role) && (story.events.length === 0 || takesPart(view, by.organisation, on)); // prettier-ignore
  const recordedBy = WORKERS.find((p) => p.organisation === (view.accountable?.organisation ?? view.caisse ?? 'cpam-39'));
  try {
    story.does(command, data, partakes || !recordedBy ? { by, on } : { by, on, recordedBy });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

/** Whether the organisation has a way into the case that no withdrawn accord has shut. */
const mayBeHere = (v: CaseView, organisation: string): boolean =>
  v.caisse === organisation ||
  v.openedBy?.organisation === organisation ||
  v.signals.some((s) => s.holder.organisation === organisation) ||
  v.handshakes.some((h) => h.to.organisation === organisation && h.effective) ||
  [...v.handovers, ...v.transfers].some(
    (o) => o.to === organisation && (sameInstitution(o.from.role, o.toRole) || v.consents.some((c) => !c.withdrawnOn)),
  );

function check(story: Story, today: LocalDate): void {
  const v = story.view;
  const callAhead = v.followUp !== undefined && !v.followUp.completedOn && !v.followUp.unreachableOn;
  const open = v.status === 'signal' || v.status === 'supported' || (v.status === 'closed' && callAhead);
  if (!open) {
    expect(v.accountable).toBeUndefined();
    if (v.status !== 'closed') expect(story.duties).toEqual([]);
    return;
  }
  const organisation = v.accountable?.organisation ?? 'nobody';
  expect(takesPart(v, organisation, today)).toBe(true);
  expect(directory.find(organisation)?.roles.some((r) => CASE_WORKERS.includes(r))).toBe(true);
  expect([organisation, mayBeHere(v, organisation)]).toEqual([organisation, true]);
  for (const item of story.duties) {
    const owner = `${item.rule} ${item.organisation} ${item.role}`;
    expect([owner, takesPart(v, item.organisation, today)]).toEqual([owner, true]);
    expect([owner, directory.find(item.organisation)?.roles.includes(item.role)]).toEqual([owner, true]);
  }
}

const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(DEEDS.length - 1), fc.nat(40), fc.nat(40), fc.nat(20));
const openings: Step[] = [[0, 1, 1, 0], [0, 0, 1, 0], [1, 1, 3, 0], [1, 4, 7, 0], [2, 0, 1, 0]]; // prettier-ignore

/** Decision 14: whatever partners do, an open case is always exactly one organisation's move. */
describe('no hole in the racket', () => {
  const reached = new Map<string, number>();
  it('gives every open case, in every reachable state, one accountable organisation that can act; and a case that is over, none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...openings), fc.array(step, { maxLength: 40, size: 'max' }), (first, walk) => {
        const story = new Story();
        let today = localDate('2023-03-14');
        for (const [act, a, b, days] of [first, ...walk]) {
          today = addDays(today, days);
          const before = story.events.length;
          attempt(story, DEEDS[act]!(story.view, a, b), today);
          if (story.events.length === before) continue;
          const { status, accountable } = story.view;
          const state = `${status} ${accountable?.reason ?? '-'}`;
          reached.set(state, (reached.get(state) ?? 0) + 1);
          check(story, today);
        }
      }),
      { numRuns: Number(process.env['WALKS'] ?? 1200) },
    );
  });
  it('has walked through every kind of state', () => {
    expect([...reached.keys()]).toEqual(
      expect.arrayContaining(['signal transmission', 'signal referral', 'signal signal', 'signal triage', 'signal declined-to-sender', 'signal caisse', 'supported lead', 'closed follow-up', 'closed -', 'ended-by-triage -', 'deceased -']),
    ); // prettier-ignore
  });
});
