import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseView, emptyView, type Measure, measureOf, type Opinion } from '../case/view.js';
import { type Slot } from '../kernel/fields.js';
import { addDays, localDate as d } from '../kernel/local-date.js';
import { type Party, type Role } from '../kernel/roles.js';
import { deciderOf, MEASURES, opinionsFor } from './index.js';
import { measureFindings, type Stage } from './measure.js';
import { MEASURE_TYPES, type MeasureType } from './types.js';

const by = (role: Role): Party => ({ organisation: null, role, person: null });
const day = (date: string): Slot => ({ date: d(date), part: 'day' });
/** As many slots as asked, one each calendar day. */
const days = (from: string, count: number): Slot[] => Array.from({ length: count }, (_, i) => day(addDays(d(from), i)));
const period = (from: string, to: string, slots: Slot[] = [], on = from): Measure['periods'][number] => ({
  from: d(from), to: d(to), slots, on: d(on), eventId: `p-${from}`,
}); // prettier-ignore
const opinions = (on: string, ...roles: Role[]): Opinion[] =>
  roles.map((role) => ({ role, on: d(on), opinion: 'yes', by: by(role) }));
const decided = (kind: 'approved' | 'refused', on: string): Measure['decisions'][number] => ({
  kind,
  on: d(on),
  by: by('CPAM'),
  eventId: `d-${on}`,
});
const signed = (on: string, ...signatories: Role[]): Measure['agreements'][number] => ({ on: d(on), signatories });
const leave = (start: string, expectedEnd: string, extra: Partial<CaseView['leaves'][number]> = {}): CaseView['leaves'][number] => ({
  id: `l-${start}`, start: d(start), expectedEnd: d(expectedEnd), risk: 'maladie', status: 'salarie', ...extra,
}); // prettier-ignore
const assessed = (on: string): CaseView['assessments'][number] => ({ eventId: `a-${on}`, on: d(on), by: by('AS') });
const milestone = (kind: string, on: string): CaseView['milestones'][number] => ({ eventId: `m-${on}`, kind, on: d(on) });
const preReturn = (on: string, riskOfUnfitness: boolean): CaseView['visits'][number] => ({
  id: `v-${on}`,
  kind: 'pre-return',
  heldOn: d(on),
  riskOfUnfitness,
});

interface Given {
  measure?: Partial<Measure>;
  view?: Partial<CaseView>;
  others?: Partial<Measure>[];
  earlier?: Partial<Measure>[];
}
const viewOf = (type: MeasureType, id: string, measures: Partial<Measure>[], view: Partial<CaseView> = {}): CaseView => {
  const v = { ...emptyView(id), ...view };
  measures.forEach((m, i) => Object.assign(measureOf(v, `${id}-${i}`), { type, ...m }));
  return v;
};
/** The codes of the rules that a measure of a type breaks at a stage on a day, without the type's name. */
const broken = (
  type: MeasureType,
  stage: Stage,
  on: string,
  { measure = {}, view = {}, others = [], earlier = [] }: Given,
): string[] => {
  const v = viewOf(type, 'case', [measure, ...others], view);
  const check = { measure: measureOf(v, 'case-0'), view: v, earlier: [viewOf(type, 'earlier', earlier)], on: d(on) };
  return measureFindings(MEASURES[type], stage, check).map((f) => f.code.slice(type.length + 1));
};
/** What the case of `given` breaks, and what it breaks with one thing changed. */
const change = (given: Given, measure: Partial<Measure>, view: Partial<CaseView> = {}): Given => ({
  ...given, measure: { ...given.measure, ...measure }, view: { ...given.view, ...view },
}); // prettier-ignore

describe('essai encadré', () => {
  const ok: Given = {
    view: { leaves: [leave('2023-01-02', '2023-12-31')], assessments: [assessed('2023-02-20')] },
    measure: {
      periods: [period('2023-03-06', '2023-03-19', days('2023-03-06', 14), '2023-02-20')],
      opinions: opinions('2023-02-21', 'MTR', 'MC', 'MT'),
      decisions: [decided('approved', '2023-02-27')],
      agreements: [signed('2023-03-01', 'ASSURE', 'HOST')],
    },
  };
  const start = { startedOn: d('2023-03-06') };

  it('breaks nothing when asked, approved, planned and started as the law has it', () => {
    expect(broken('essaiEncadre', 'request', '2023-03-06', ok)).toEqual([]);
    expect(broken('essaiEncadre', 'approve', '2023-02-27', ok)).toEqual([]);
    expect(broken('essaiEncadre', 'plan', '2023-03-06', ok)).toEqual([]);
    expect(broken('essaiEncadre', 'start', '2023-03-06', change(ok, start))).toEqual([]);
  });
  it.each(['MTR', 'MC', 'MT'] as const)('needs the accord of %s before the decision; conditions are an accord', (role) => {
    const rest = opinions('2023-02-21', ...(['MTR', 'MC', 'MT'] as const).filter((r) => r !== role));
    const say = (opinion: Opinion['opinion'], on = '2023-02-22'): Opinion => ({
      role,
      on: d(on),
      by: by(role),
      ...(opinion && { opinion }),
    });
    const approve = (...more: Opinion[]): string[] =>
      broken('essaiEncadre', 'approve', '2023-02-27', change(ok, { opinions: [...rest, ...more] }));
    expect(approve()).toEqual([`opinionMissing.${role}`]);
    expect(approve(say('no'))).toEqual([`opinionMissing.${role}`]);
    expect(approve(say('yes', '2023-02-28'))).toEqual([`opinionMissing.${role}`]);
    expect(approve(say('yes'), say('no', '2023-02-23'))).toEqual([`opinionMissing.${role}`]);
    expect(approve(say('conditions'))).toEqual([]);
    expect(approve(say(undefined))).toEqual([]);
  });
  it('of 2021 needs no accord of the MT, no assessment, no convention: the treating physician, the adviser and the caisse were asked already', () => {
    const of2021: Given = {
      view: { leaves: [leave('2021-01-04', '2021-12-31')] },
      measure: { periods: [period('2021-03-01', '2021-03-20', days('2021-03-01', 20))], opinions: opinions('2021-02-10', 'MTR', 'MC'), decisions: [decided('approved', '2021-02-15')] },
    }; // prettier-ignore
    expect(broken('essaiEncadre', 'approve', '2021-02-15', of2021)).toEqual([]);
    expect(broken('essaiEncadre', 'start', '2021-03-01', change(of2021, { startedOn: d('2021-03-01') }))).toEqual([]);
    expect(broken('essaiEncadre', 'approve', '2021-02-15', change(of2021, { opinions: [] }))).toEqual([
      'opinionMissing.MTR',
      'opinionMissing.MC',
    ]);
    expect(broken('essaiEncadre', 'start', '2021-03-01', change(of2021, { decisions: [] }))).toEqual(['notApproved']);
  });
  it('names the article of the day', () => {
    const article = (on: string): string[] =>
      measureFindings(MEASURES.essaiEncadre, 'approve', {
        measure: measureOf(emptyView('c'), 'm'),
        view: emptyView('c'),
        earlier: [],
        on: d(on),
      }).map((f) => f.article);
    expect(article('2021-06-01')).toEqual(['L.323-3-1 CSS', 'L.323-3-1 CSS']);
    expect(article('2022-06-01')).toEqual(['D.323-6-3 CSS', 'D.323-6-3 CSS', 'D.323-6-3 CSS', 'D.323-6-3 CSS']);
  });
  it('needs the assessment of this case', () => {
    expect(broken('essaiEncadre', 'approve', '2023-02-27', change(ok, {}, { assessments: [] }))).toEqual(['assessmentMissing']);
    expect(broken('essaiEncadre', 'approve', '2023-02-27', change(ok, {}, { assessments: [assessed('2023-02-28')] }))).toEqual([
      'assessmentMissing',
    ]);
  });
  it('is not for independents since 31 March 2022, unless they are employees too', () => {
    const as = (status: 'TI' | 'salarie'): Partial<CaseView> => ({ leaves: [leave('2022-01-03', '2022-12-31', { status })] });
    expect(broken('essaiEncadre', 'request', '2022-04-04', { view: as('TI') })).toEqual(['tiExcluded']);
    expect(broken('essaiEncadre', 'request', '2022-03-30', { view: as('TI') })).toEqual([]);
    expect(broken('essaiEncadre', 'request', '2022-04-04', { view: as('salarie') })).toEqual([]);
    const activities: CaseView['activities'] = [{ id: 'shop', status: 'TI' }];
    expect(broken('essaiEncadre', 'request', '2022-04-04', { view: { activities } })).toEqual(['tiExcluded']);
    expect(
      broken('essaiEncadre', 'request', '2022-04-04', {
        view: { activities: [...activities, { id: 'job', status: 'salarie' }] },
      }),
    ).toEqual([]);
  });
  it('is open to the agricultural scheme from 1 July 2022, not to somebody without employment', () => {
    const as = (status: 'agricole' | 'sansEmploi'): Given => ({
      view: { leaves: [leave('2022-01-03', '2022-12-31', { status })] },
    });
    expect(broken('essaiEncadre', 'request', '2022-06-30', as('agricole'))).toEqual(['agricoleExcluded']);
    expect(broken('essaiEncadre', 'request', '2022-07-01', as('agricole'))).toEqual([]);
    expect(broken('essaiEncadre', 'request', '2022-07-01', as('sansEmploi'))).toEqual(['statusExcluded']);
  });
  it('needs a leave on the day it begins, that covers each day of presence', () => {
    const on = (leaves: CaseView['leaves']): string[] =>
      broken('essaiEncadre', 'start', '2023-03-06', change(ok, start, { leaves }));
    expect(on([])).toEqual(['notOnLeave']);
    expect(on([leave('2023-01-02', '2023-03-18')])).toEqual(['leaveTooShort']);
    expect(on([leave('2023-01-02', '2023-03-19')])).toEqual([]);
    expect(on([leave('2023-01-02', '2023-03-12'), leave('2023-03-13', '2023-04-30')])).toEqual([]);
  });
  it('does not blame the start when the leave ended early and the measure with it', () => {
    const leaves = [leave('2023-01-02', '2023-12-31', { endedOn: d('2023-03-10') })];
    expect(
      broken('essaiEncadre', 'start', '2023-03-06', change(ok, { ...start, interruptedOn: d('2023-03-10') }, { leaves })),
    ).toEqual([]);
    expect(broken('essaiEncadre', 'start', '2023-03-06', change(ok, start, { leaves }))).toEqual(['leaveTooShort']);
  });
  it('starts only approved, and signed by both', () => {
    const on = (measure: Partial<Measure>): string[] =>
      broken('essaiEncadre', 'plan', '2023-03-06', change(ok, { plannedStart: d('2023-03-06'), ...measure }));
    expect(on({ decisions: [] })).toEqual(['notApproved']);
    expect(on({ decisions: [decided('approved', '2023-02-27'), decided('refused', '2023-03-02')] })).toEqual(['notApproved']);
    expect(on({ agreements: [signed('2023-03-01', 'ASSURE')] })).toEqual(['agreementMissing']);
    expect(on({ agreements: [signed('2023-03-07', 'ASSURE', 'HOST')] })).toEqual(['agreementMissing']);
    expect(on({})).toEqual([]);
  });
  it('has at most 14 days a period: distinct days, whatever their slots', () => {
    const asked = (slots: Slot[]): string[] =>
      broken('essaiEncadre', 'request', '2023-03-06', change(ok, { periods: [period('2023-03-06', '2023-04-30', slots)] }));
    const halves = days('2023-03-06', 14).flatMap((s): Slot[] => [
      { ...s, part: 'morning' },
      { ...s, part: 'afternoon' },
    ]);
    expect(asked(halves)).toEqual([]);
    expect(asked(days('2023-03-06', 15))).toEqual(['periodTooLong']);
    expect(asked([])).toEqual(['periodTooLong', 'capExceeded']);
    // Sixteen calendar days with two Sundays: 14 jours ouvrables.
    expect(
      broken('essaiEncadre', 'request', '2023-03-06', change(ok, { periods: [period('2023-03-06', '2023-03-21')] })),
    ).toEqual([]);
    expect(
      broken('essaiEncadre', 'request', '2023-03-06', change(ok, { periods: [period('2023-03-06', '2023-03-22')] })),
    ).toEqual(['periodTooLong']);
  });
  describe('renewed', () => {
    const second = (count: number): Given =>
      change(ok, {
        ...start,
        agreements: [signed('2023-03-01', 'ASSURE', 'HOST'), signed('2023-03-17', 'ASSURE', 'HOST')],
        periods: [...(ok.measure?.periods ?? []), period('2023-03-20', '2023-04-30', days('2023-03-20', count))],
      });
    it('has 28 days in all', () => {
      expect(broken('essaiEncadre', 'renew', '2023-03-20', second(14))).toEqual([]);
      expect(broken('essaiEncadre', 'renew', '2023-03-20', second(15))).toEqual(['periodTooLong', 'capExceeded']);
    });
    it('does not make the first start irregular', () => {
      expect(broken('essaiEncadre', 'start', '2023-03-06', second(15))).toEqual([]);
    });
    it('needs an agreement for the new period', () => {
      const one = { agreements: [signed('2023-03-01', 'ASSURE', 'HOST')] };
      expect(broken('essaiEncadre', 'renew', '2023-03-20', change(second(5), one))).toEqual(['agreementMissingForPeriod']);
    });
  });
  describe('after another one', () => {
    const asked = (given: Pick<Given, 'others' | 'earlier'>): string[] =>
      broken('essaiEncadre', 'request', '2023-03-06', { ...ok, ...given });
    const other = (measure: Partial<Measure> = {}): Partial<Measure> => ({
      periods: [period('2023-01-09', '2023-01-31', days('2023-01-09', 15))],
      startedOn: d('2023-01-09'),
      ...measure,
    });
    it('shares the 28 days with it, in this case and in earlier ones', () => {
      expect(asked({ others: [other()] })).toEqual(['capExceeded']);
      expect(asked({ earlier: [other()] })).toEqual(['capExceeded']);
      expect(asked({ others: [other({ periods: [period('2023-01-09', '2023-01-31', days('2023-01-09', 14))] })] })).toEqual([]);
    });
    it('does not count what was refused and never began', () => {
      expect(asked({ others: [other({ startedOn: undefined, decisions: [decided('refused', '2023-01-08')] })] })).toEqual([]);
      expect(asked({ others: [other({ decisions: [decided('refused', '2023-01-08')] })] })).toEqual(['capExceeded']);
    });
    it('does not count the days after an interruption', () => {
      expect(asked({ others: [other({ interruptedOn: d('2023-01-22') })] })).toEqual([]);
      expect(asked({ others: [other({ interruptedOn: d('2023-01-23') })] })).toEqual(['capExceeded']);
      expect(asked({ others: [other({ closed: { on: d('2023-02-01'), endedOn: d('2023-01-22') } })] })).toEqual([]);
    });
    it('counts a day of two measures once, and days of presence that nobody planned', () => {
      expect(asked({ others: [other({ periods: [period('2023-03-06', '2023-03-20', days('2023-03-06', 15))] })] })).toEqual([]);
      expect(
        broken(
          'essaiEncadre',
          'present',
          '2023-04-20',
          change({ ...ok, others: [other({ presences: days('2023-02-01', 1) })] }, start),
        ),
      ).toEqual(['capExceeded']);
    });
  });
});

describe('CRPE', () => {
  const ok: Given = {
    view: {
      leaves: [leave('2023-01-02', '2023-12-31')],
      assessments: [assessed('2023-05-02')],
      visits: [preReturn('2023-05-10', true)],
    },
    measure: {
      periods: [period('2023-07-01', '2024-12-31', [], '2023-05-15')],
      opinions: opinions('2023-05-20', 'MTR', 'MC'),
      decisions: [decided('approved', '2023-06-01')],
      agreements: [signed('2023-06-15', 'EMPLOYER', 'ASSURE', 'CPAM')],
    },
  };
  const started = (measure: Partial<Measure> = {}, view: Partial<CaseView> = {}): string[] =>
    broken('crpe', 'start', '2023-07-01', change(ok, { startedOn: d('2023-07-01'), ...measure }, view));
  const approved = (measure: Partial<Measure> = {}, view: Partial<CaseView> = {}): string[] =>
    broken('crpe', 'approve', '2023-06-01', change(ok, measure, view));

  it('breaks nothing with a risk found at the pre-return visit, or declared unfitness', () => {
    expect(approved()).toEqual([]);
    expect(started()).toEqual([]);
    expect(started({}, { visits: [], milestones: [milestone('unfitness-issued', '2023-05-12')] })).toEqual([]);
  });
  it('is for the unfit and those at risk', () => {
    expect(approved({}, { visits: [] })).toEqual(['notQualified']);
    expect(approved({}, { visits: [preReturn('2023-05-10', false)] })).toEqual(['notQualified']);
    expect(approved({}, { visits: [preReturn('2023-06-02', true)] })).toEqual(['notQualified']);
    expect(started({}, { visits: [], milestones: [milestone('unfitness-issued', '2023-07-02')] })).toEqual(['notQualified']);
  });
  it('is judged by older law before 31 March 2022', () => {
    expect(
      broken('crpe', 'start', '2022-03-30', { view: { leaves: [leave('2022-01-03', '2022-12-31', { status: 'TI' })] } }),
    ).toEqual([]);
    expect(broken('crpe', 'start', '2022-03-31', { view: { leaves: [leave('2022-01-03', '2022-12-31', { status: 'TI' })] } }))
      .toEqual(['tiExcluded', 'notQualified', 'notApproved', 'agreementMissing']); // prettier-ignore
  });
  it('is signed by employer, employee and CPAM; approved; assessed', () => {
    for (const missing of ['EMPLOYER', 'ASSURE', 'CPAM'] as const) {
      const rest = (['EMPLOYER', 'ASSURE', 'CPAM'] as const).filter((r) => r !== missing);
      expect(started({ agreements: [signed('2023-06-15', ...rest)] })).toEqual(['agreementMissing']);
    }
    expect(started({ decisions: [] })).toEqual(['notApproved']);
    expect(approved({}, { assessments: [] })).toEqual(['assessmentMissing']);
  });
  it('begins during the leave, with MTr and MC, or after it, without', () => {
    expect(approved({ opinions: [] })).toEqual(['opinionMissing.MTR', 'opinionMissing.MC']);
    const after = { leaves: [leave('2023-01-02', '2023-06-15')] };
    expect(approved({ opinions: [] }, after)).toEqual([]);
    expect(started({}, after)).toEqual([]);
  });
  it('lasts 18 months at most, over all its periods', () => {
    expect(started({ periods: [period('2023-07-01', '2025-01-01')] })).toEqual(['tooLong']);
    const two = (to: string): string[] =>
      broken(
        'crpe',
        'renew',
        '2024-02-01',
        change(ok, { startedOn: d('2023-07-01'), periods: [period('2023-07-01', '2023-12-31'), period('2024-02-01', to)] }),
      );
    expect(two('2025-01-31')).toEqual([]);
    expect(two('2025-02-02')).toEqual(['tooLong']);
    expect(
      started({
        periods: [],
        agreements: [{ ...signed('2023-06-15', 'EMPLOYER', 'ASSURE', 'CPAM'), from: d('2023-07-01'), to: d('2025-01-02') }],
      }),
    ).toEqual(['tooLong']);
  });
  it('stays within three years of allowances since the leave began, unless it comes from work', () => {
    const since = (start: string, risk: 'maladie' | 'AT' | 'MP', end = '2023-12-31'): string[] =>
      started({}, { leaves: [leave(start, end, { risk })] });
    expect(since('2022-01-01', 'maladie')).toEqual([]);
    expect(since('2021-12-30', 'maladie')).toEqual(['ijExhausted']);
    expect(since('2021-12-30', 'AT')).toEqual([]);
    expect(since('2021-12-30', 'MP')).toEqual([]);
    // Back at work in between: no allowance was paid then.
    expect(since('2021-12-30', 'maladie', '2023-03-31')).toEqual([]);
  });
});

describe('PMSMP', () => {
  const parties = ['ASSURE', 'HOST', 'CAP_EMPLOI', 'EMPLOYER'] as const;
  const ok: Given = {
    view: { activities: [{ id: 'job', status: 'salarie' }] },
    measure: {
      hostSiret: '77567227221138',
      periods: [period('2023-03-10', '2023-04-09')],
      agreements: [signed('2023-03-01', ...parties)],
    },
  };
  const begun = { startedOn: d('2023-03-10') };
  const started = (measure: Partial<Measure> = {}, view: Partial<CaseView> = {}): string[] =>
    broken('pmsmp', 'start', '2023-03-10', change(ok, { ...begun, ...measure }, view));

  it('off leave needs its parties only, and nobody decides', () => {
    expect(started()).toEqual([]);
    expect(started({ agreements: [signed('2023-03-01', 'ASSURE', 'CAP_EMPLOI', 'EMPLOYER')] })).toEqual(['agreementMissing']);
    expect(started({ agreements: [signed('2023-03-01', 'ASSURE', 'HOST', 'EMPLOYER')] })).toEqual(['prescriberMissing']);
  });
  it('has the employer of an employee as a party, and nobody for somebody without employment', () => {
    const without = { agreements: [signed('2023-03-01', 'ASSURE', 'HOST', 'FRANCE_TRAVAIL')] };
    expect(started(without)).toEqual(['employerAgreementMissing']);
    expect(started(without, { activities: [{ id: 'none', status: 'sansEmploi' }] })).toEqual([]);
    expect(started(without, { milestones: [milestone('employment-ended', '2023-02-01')] })).toEqual([]);
    expect(
      started(without, { milestones: [milestone('employment-ended', '2023-02-01'), milestone('new-job-started', '2023-02-15')] }),
    ).toEqual(['employerAgreementMissing']);
  });
  it('before the law of 2014 there was none', () => {
    const view = { activities: [{ id: 'job', status: 'salarie' as const }] };
    expect(broken('pmsmp', 'start', '2014-03-06', { view })).toEqual([]);
    expect(broken('pmsmp', 'start', '2014-03-07', { view })).toEqual(['agreementMissing', 'prescriberMissing']);
    expect(broken('pmsmp', 'request', '2014-11-15', { measure: { periods: [period('2014-10-01', '2014-12-31')] } })).toEqual([]);
  });
  it('on leave is approved first, with MTr and MC, within the leave', () => {
    const leaves = [leave('2023-01-02', '2023-04-09')];
    expect(started({}, { leaves })).toEqual(['notApproved']);
    expect(started({ decisions: [decided('approved', '2023-03-05')] }, { leaves })).toEqual([]);
    expect(started({ decisions: [decided('approved', '2023-03-05')] }, { leaves: [leave('2023-01-02', '2023-04-08')] })).toEqual([
      'leaveTooShort',
    ]);
    const approve = (given: Given): string[] => broken('pmsmp', 'approve', '2023-03-05', given);
    expect(approve(change(ok, {}, { leaves }))).toEqual(['opinionMissing.MTR', 'opinionMissing.MC']);
    expect(approve(change(ok, { opinions: opinions('2023-03-04', 'MTR', 'MC') }, { leaves }))).toEqual([]);
    expect(approve(ok)).toEqual([]);
  });
  it('lasts a month date to date', () => {
    const asked = (from: string, to: string): string[] =>
      broken('pmsmp', 'request', from, change(ok, { periods: [period(from, to)] }));
    expect(asked('2023-03-10', '2023-04-10')).toEqual(['periodTooLong']);
    expect(asked('2023-02-01', '2023-02-28')).toEqual([]);
    expect(asked('2023-01-31', '2023-02-28')).toEqual([]);
    expect(asked('2023-01-31', '2023-03-01')).toEqual(['periodTooLong']);
  });
  it('is renewed once', () => {
    const periods = [period('2023-03-10', '2023-03-24'), period('2023-03-27', '2023-04-07'), period('2023-04-11', '2023-04-14')];
    expect(broken('pmsmp', 'renew', '2023-03-27', change(ok, { ...begun, periods }))).toEqual([]);
    expect(broken('pmsmp', 'renew', '2023-04-11', change(ok, { ...begun, periods }))).toEqual(['renewedTwice']);
  });
  describe('with one host', () => {
    const other = (from: string, to: string, measure: Partial<Measure> = {}): Partial<Measure> => ({
      hostSiret: '77567227221138',
      periods: [period(from, to)],
      startedOn: d(from),
      ...measure,
    });
    const asked = (given: Pick<Given, 'others' | 'earlier'>): string[] =>
      broken('pmsmp', 'request', '2023-03-10', { ...ok, ...given });
    const june = other('2022-06-01', '2022-06-10');
    const october = other('2022-10-03', '2022-10-12');
    it('has two conventions over twelve months, whichever case they were in', () => {
      expect(asked({ others: [june] })).toEqual([]);
      expect(asked({ others: [june, october] })).toEqual(['sameHostThirdConvention']);
      expect(asked({ others: [june], earlier: [october] })).toEqual(['sameHostThirdConvention']);
    });
    it('forgets what is older, what was refused, and what was elsewhere', () => {
      expect(asked({ others: [other('2022-03-10', '2022-03-20'), october] })).toEqual([]);
      expect(asked({ others: [other('2022-03-11', '2022-03-20'), october] })).toEqual(['sameHostThirdConvention']);
      expect(
        asked({ others: [{ ...june, startedOn: undefined, decisions: [decided('refused', '2022-05-20')] }, october] }),
      ).toEqual([]);
      expect(asked({ others: [{ ...june, hostSiret: '35600000000048' }, october] })).toEqual([]);
    });
    it('has sixty days over twelve months, renewals included', () => {
      const renewed = (to: string): Partial<Measure> =>
        other('2022-11-02', '2022-11-11', { periods: [period('2022-11-02', '2022-11-11'), period('2022-11-14', to)] });
      expect(asked({ others: [renewed('2022-12-02')] })).toEqual([]);
      expect(asked({ others: [renewed('2022-12-03')] })).toEqual(['sameHostTooManyDays']);
      expect(asked({ others: [{ ...renewed('2022-12-03'), interruptedOn: d('2022-11-20') }] })).toEqual([]);
      // Only the last 29 of those days lie within the twelve months that end on 9 April 2023.
      expect(asked({ earlier: [other('2022-03-12', '2022-05-08')] })).toEqual([]);
    });
  });
});

describe.each(['formation', 'vae', 'bilanDeCompetences', 'incluPro', 'placement'] as const)('%s during a leave', (type) => {
  const ok: Given = {
    view: { leaves: [leave('2023-09-01', '2024-01-31')], assessments: [assessed('2023-09-01')] },
    measure: {
      periods: [period('2023-09-11', '2024-01-15', [day('2023-09-11'), day('2024-01-15')])],
      opinions: opinions('2023-09-05', 'MTR', 'MC'),
      decisions: [decided('approved', '2023-09-07')],
      agreements: [signed('2023-09-08', 'ASSURE', 'HOST')],
    },
  };
  const at = (stage: Stage, on: string, measure: Partial<Measure> = {}, view: Partial<CaseView> = {}): string[] =>
    broken(type, stage, on, change(ok, measure, view));
  it('needs MTr and MC, the caisse, and a leave long enough (L.323-3-1)', () => {
    expect(at('approve', '2023-09-07')).toEqual([]);
    expect(at('start', '2023-09-11')).toEqual([]);
    expect(at('approve', '2023-09-07', { opinions: opinions('2023-09-05', 'MC') })).toEqual(['opinionMissing.MTR']);
    expect(at('approve', '2023-09-07', { opinions: opinions('2023-09-05', 'MTR') })).toEqual(['opinionMissing.MC']);
    expect(at('start', '2023-09-11', { decisions: [] })).toEqual(['notApproved']);
    expect(at('start', '2023-09-11', {}, { leaves: [leave('2023-09-01', '2024-01-14')] })).toEqual(['leaveTooShort']);
  });
  it('was not held to it before L.323-3-1', () => {
    const view = { leaves: [leave('2010-01-04', '2010-12-31')], assessments: [] };
    const bare = { opinions: [], decisions: [], periods: [period('2010-12-21', '2011-01-31')] };
    const ofLeaveLaw = (on: string): string[] =>
      at('start', on, bare, view).filter((code) => code === 'notApproved' || code === 'leaveTooShort');
    expect(ofLeaveLaw('2010-12-21')).toEqual([]);
    expect(ofLeaveLaw('2010-12-22')).toEqual(['notApproved', 'leaveTooShort']);
  });
  it('is open to independents', () => {
    expect(at('request', '2023-09-11', {}, { leaves: [leave('2023-09-01', '2024-01-31', { status: 'TI' })] })).toEqual([]);
  });
  it('off leave', () => {
    const off = at('start', '2023-09-11', { opinions: [], decisions: [] }, { leaves: [] });
    expect(off).toEqual(type === 'incluPro' ? ['notOnLeave'] : []);
  });
});
describe('placement', () => {
  it('needs the assessment and the signatures of person and host', () => {
    const view = { leaves: [leave('2023-01-02', '2023-12-31')] };
    expect(
      broken('placement', 'approve', '2023-03-01', { view, measure: { opinions: opinions('2023-02-20', 'MTR', 'MC') } }),
    ).toEqual(['assessmentMissing']);
    expect(broken('placement', 'start', '2023-03-06', {})).toEqual(['agreementMissing']);
    expect(
      broken('placement', 'start', '2023-03-06', { measure: { agreements: [signed('2023-03-01', 'ASSURE', 'HOST')] } }),
    ).toEqual([]);
  });
});

describe('PSOP', () => {
  const ok: Given = {
    view: {
      leaves: [leave('2023-01-02', '2023-12-31')],
      milestones: [milestone('rqth-requested', '2023-02-01')],
      visits: [preReturn('2023-02-10', false)],
    },
    measure: {
      periods: [period('2023-03-06', '2023-06-05')],
      opinions: opinions('2023-02-20', 'MTR', 'MC'),
      decisions: [decided('approved', '2023-02-27')],
    },
  };
  const at = (stage: Stage, measure: Partial<Measure> = {}, view: Partial<CaseView> = {}): string[] =>
    broken('psop', stage, stage === 'approve' ? '2023-02-27' : '2023-03-06', change(ok, measure, view));

  it('is for those recognised as disabled workers, or who have asked to be', () => {
    expect([at('approve'), at('start')]).toEqual([[], []]);
    expect(at('approve', {}, { milestones: [] })).toEqual(['notRecognised']);
    const refused = { ...milestone('rqth-decided', '2023-02-20'), code: 'refused' };
    expect(at('approve', {}, { milestones: [milestone('rqth-requested', '2023-02-01'), refused] })).toEqual(['notRecognised']);
    expect(at('approve', {}, { milestones: [{ ...refused, code: 'granted' }] })).toEqual([]);
  });
  it('during a leave supposes a pre-return visit, MTr, MC and the caisse; off leave none of them', () => {
    expect(at('approve', {}, { visits: [preReturn('2023-02-28', false)] })).toEqual(['preReturnVisitMissing']);
    expect(at('approve', { opinions: [] })).toEqual(['opinionMissing.MTR', 'opinionMissing.MC']);
    expect(at('start', { decisions: [] })).toEqual(['notApproved']);
    expect(at('start', { decisions: [], opinions: [] }, { leaves: [], visits: [] })).toEqual([]);
  });
  it('takes forty hours at most, over three months', () => {
    const sessions = (minutes: number) => ({
      slots: days('2023-03-06', 10).map((s) => ({ ...s, part: 'hours' as const, minutes })),
    });
    expect(at('request', { periods: [{ ...period('2023-03-06', '2023-06-05'), ...sessions(240) }] })).toEqual([]);
    expect(at('request', { periods: [{ ...period('2023-03-06', '2023-06-05'), ...sessions(241) }] })).toEqual(['tooManyHours']);
    expect(at('present', { presences: sessions(241).slots })).toEqual(['tooManyHours']);
    expect(at('request', { periods: [period('2023-03-06', '2023-06-06')] })).toEqual(['tooLong']);
  });
});

describe('temps partiel thérapeutique', () => {
  const type = 'tempsPartielTherapeutique';
  const ok: Given = {
    view: { leaves: [leave('2020-01-06', '2022-12-31', { endedOn: d('2022-12-31') })] },
    measure: {
      periods: [period('2023-01-02', '2024-01-05', [], '2022-12-01')],
      opinions: opinions('2022-12-05', 'MTR', 'MC'),
      decisions: [decided('approved', '2022-12-10')],
      agreements: [signed('2022-12-12', 'EMPLOYER')],
    },
  };
  const start = (measure: Partial<Measure> = {}, view: Partial<CaseView> = {}): string[] =>
    broken(type, 'start', '2023-01-02', change(ok, { startedOn: d('2023-01-02'), ...measure }, view));

  it('needs MTr, MC, the employer and the caisse', () => {
    expect(broken(type, 'approve', '2022-12-10', ok)).toEqual([]);
    expect(start()).toEqual([]);
    expect(broken(type, 'approve', '2022-12-10', change(ok, { opinions: [] }))).toEqual([
      'opinionMissing.MTR',
      'opinionMissing.MC',
    ]);
    expect(start({ agreements: [] })).toEqual(['employerAgreementMissing']);
    expect(start({ decisions: [] })).toEqual(['notApproved']);
  });
  it('goes one year beyond the three of the allowances, without limit after an accident or disease from work', () => {
    const longer = { periods: [period('2023-01-02', '2024-01-06')] };
    const from = (risk: 'AT' | 'MP'): Partial<CaseView> => ({ leaves: [leave('2020-01-06', '2022-12-31', { risk })] });
    expect(start(longer)).toEqual(['ijExhausted']);
    expect(start(longer, from('AT'))).toEqual([]);
    expect(start(longer, from('MP'))).toEqual([]);
    const of2019 = change(
      ok,
      {
        ...longer,
        startedOn: d('2019-08-22'),
        decisions: [decided('approved', '2019-08-01')],
        agreements: [signed('2019-08-01', 'EMPLOYER')],
      },
      { leaves: [leave('2014-01-06', '2019-08-21')] },
    );
    expect(broken(type, 'start', '2019-08-22', of2019)).toEqual([]);
  });
  it('of an independent has no employer and at most 270 days since June 2021', () => {
    const view = { leaves: [leave('2022-06-01', '2022-12-31', { status: 'TI' as const })] };
    expect(start({ agreements: [], periods: [period('2023-01-02', '2023-09-28')] }, view)).toEqual([]);
    expect(start({ agreements: [], periods: [period('2023-01-02', '2023-09-29')] }, view)).toEqual(['tiTooLong']);
    const before = {
      measure: { periods: [period('2021-06-13', '2022-06-01')], decisions: [decided('approved', '2021-06-01')] },
      view: { leaves: [leave('2021-01-04', '2021-06-12', { status: 'TI' as const })] },
    };
    expect(broken(type, 'start', '2021-06-13', before)).toEqual([]);
    expect(broken(type, 'start', '2021-06-14', before)).toEqual(['tiTooLong']);
  });
});

describe('AMA', () => {
  const as = (status: 'TI' | 'salarie'): Given => ({
    view: { activities: [{ id: 'a', status }] },
    measure: { decisions: [decided('approved', '2023-03-01')] },
  });
  it('is for independents, on leave or not, once the CPAM has decided', () => {
    expect(broken('ama', 'start', '2023-03-06', as('TI'))).toEqual([]);
    expect(broken('ama', 'request', '2023-03-06', as('salarie'))).toEqual(['tiOnly']);
    expect(broken('ama', 'request', '2019-12-31', as('salarie'))).toEqual([]);
    expect(broken('ama', 'start', '2023-03-06', change(as('TI'), { decisions: [] }))).toEqual(['notApproved']);
    expect(
      broken(
        'ama',
        'start',
        '2023-03-06',
        change(as('TI'), {}, { leaves: [leave('2023-01-02', '2023-12-31', { status: 'TI' })] }),
      ),
    ).toEqual([]);
  });
});
describe('RQTH', () => {
  it('begins with the decision of the CDAPH', () => {
    expect(broken('rqth', 'start', '2023-03-06', {})).toEqual(['notApproved']);
    expect(broken('rqth', 'start', '2023-03-06', { measure: { decisions: [decided('approved', '2023-03-01')] } })).toEqual([]);
    expect(broken('rqth', 'start', '2008-04-30', {})).toEqual([]);
  });
});
describe('PTP', () => {
  const ok: Given = {
    measure: { decisions: [decided('approved', '2023-03-01')] },
    view: { leaves: [leave('2023-01-02', '2023-06-30')] },
  };
  it('may be asked for during the leave, and begins after it, once Transitions Pro has decided', () => {
    expect(broken('ptp', 'request', '2023-02-01', ok)).toEqual([]);
    expect(broken('ptp', 'start', '2023-07-01', change(ok, { startedOn: d('2023-07-01') }))).toEqual([]);
    expect(broken('ptp', 'start', '2023-06-30', change(ok, { startedOn: d('2023-06-30') }))).toEqual(['startsDuringLeave']);
    expect(broken('ptp', 'start', '2023-07-01', change(ok, { startedOn: d('2023-07-01'), decisions: [] }))).toEqual([
      'notApproved',
    ]);
  });
  it('is for employees, since 2019', () => {
    const ti = change(ok, {}, { leaves: [], activities: [{ id: 'shop', status: 'TI' }] });
    expect(broken('ptp', 'request', '2023-02-01', ti)).toEqual(['tiExcluded']);
    expect(broken('ptp', 'request', '2018-12-31', ti)).toEqual([]);
  });
});

describe('who is asked', () => {
  const at = (
    type: MeasureType,
    view: Partial<CaseView>,
    measure: Partial<Measure> = {},
  ): { decider: Role | null; opinions: Role[] } => {
    const v = viewOf(type, 'case', [measure], view);
    const m = measureOf(v, 'case-0');
    return { decider: deciderOf(m, v, d('2023-03-06')), opinions: opinionsFor(m, v, d('2023-03-06')).map((o) => o.role) };
  };
  const onLeave = { leaves: [leave('2023-01-02', '2023-12-31')] };
  it.each([
    ['essaiEncadre', 'CPAM', ['MTR', 'MC', 'MT'], 'CPAM', ['MTR', 'MC', 'MT']],
    ['crpe', 'CPAM', ['MTR', 'MC'], 'CPAM', []],
    ['pmsmp', 'CPAM', ['MTR', 'MC'], null, []],
    ['formation', 'CPAM', ['MTR', 'MC'], null, []],
    ['placement', 'CPAM', ['MTR', 'MC'], null, []],
    ['psop', 'CPAM', ['MTR', 'MC'], null, []],
    ['rqth', 'MDPH', [], 'MDPH', []],
    ['ptp', 'TRANSITIONS_PRO', [], 'TRANSITIONS_PRO', []],
    ['ama', 'CPAM', [], 'CPAM', []],
  ] as const)('%s: on leave %s and %j, off leave %s and %j', (type, decider, asked, deciderOff, askedOff) => {
    expect(at(type, onLeave)).toEqual({ decider, opinions: asked });
    expect(at(type, {})).toEqual({ decider: deciderOff, opinions: askedOff });
  });
  it('goes by the day of the begin', () => {
    expect(at('pmsmp', onLeave, { plannedStart: d('2024-01-02') }).decider).toBeNull();
    expect(at('essaiEncadre', {}, { startedOn: d('2021-03-01') }).opinions).toEqual(['MTR', 'MC']);
  });
});

describe('the definitions', () => {
  const all = MEASURE_TYPES.map((type) => MEASURES[type]);
  it('are under their own names', () => {
    expect(all.map((m) => m.type)).toEqual([...MEASURE_TYPES]);
  });
  it('give every rule an article of a code, or say that it is practice', () => {
    const articles = all.flatMap((m) => [m.article, ...m.rules.map((r) => r.article), ...m.opinions.map((o) => o.article)]);
    for (const article of articles) expect(article).toMatch(/^([LRD]\.\d[\d-]* (CSS|CT)|\(S\) .)/);
  });
  it('name one rule by one code on any one day', () => {
    for (const { rules, type } of all)
      for (const day of ['2009-01-01', '2021-06-01', '2022-03-31', '2022-07-01', '2026-01-01']) {
        const codes = rules.filter((r) => (r.from ?? day) <= day && day <= (r.to ?? day)).map((r) => `${type}.${r.code}`);
        expect(codes).toEqual([...new Set(codes)]);
      }
  });
  it('are all in docs/measures.md, with every article', () => {
    const text = readFileSync(join(__dirname, '../../../docs/measures.md'), 'utf8');
    for (const { type, article, rules, opinions: asked, label } of all) {
      const section = text.split('\n').filter((line) => line.startsWith(`| \`${type}\` `)).join('\n'); // prettier-ignore
      expect(section).toContain(label.fr);
      for (const named of [article, ...rules.map((r) => r.article), ...asked.map((o) => o.article)])
        expect({ type, section }).toEqual({ type, section: expect.stringContaining(named) });
      for (const from of rules.flatMap((r) => (r.from ? [r.from] : [])))
        expect({ type, section }).toEqual({ type, section: expect.stringContaining(from) });
    }
  });
});
