import { AS, BOOK, CPDP, MT, supported } from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { current, obligations } from './obligations.js';

it('the mid-career visit is shown to the SPST in the year of the 45th birthday, until it is held, to whoever sees the birth date', () => {
  const story = supported();
  const found = (day: string, view = story.view) =>
    current(obligations(view, BOOK), localDate(day))
      .filter(({ rule }) => rule === 'mid-career-visit')
      .map(({ nature, organisation }) => [nature, organisation]);
  expect(found('2024-06-01')).toEqual([]);
  story.does(
    'identify-person',
    { familyName: 'MARTIN', givenNames: 'Claire', birthDate: '1979-05-21' },
    { by: AS, on: '2023-03-22' },
  );
  expect(['2023-12-31', '2024-01-01', '2024-12-31', '2025-01-01'].map((day) => found(day).length)).toEqual([0, 1, 1, 0]);
  expect(found('2024-06-01')).toEqual([['opportunity', CPDP.organisation]]);
  story.does('hold-mid-career-visit', {}, { by: MT, on: '2023-11-02' });
  expect(found('2024-06-01')).toEqual([]);
});
