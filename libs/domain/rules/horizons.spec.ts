import { AS, BOOK, supported } from '../../../test/support/story.js';
import { localDate } from '../kernel/local-date.js';
import { current, obligations } from './obligations.js';

it('a measure runs until its last day; from the next one its review is owed', () => {
  const story = supported();
  story.does('start-measure', { type: 'placement', to: '2023-05-12' }, { by: AS, on: '2023-05-02' });
  const found = (day: string) =>
    current(obligations(story.view, BOOK), localDate(day))
      .filter(({ rule, organisation }) => rule.startsWith('measure-') && organisation === 'carsat-bfc')
      .map(({ rule }) => rule);
  expect(found('2023-05-12')).toEqual(['measure-running']);
  expect(found('2023-05-13')).toEqual(['measure-to-review']);
});
