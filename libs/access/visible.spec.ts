import { sameState } from './visible.js';

describe('the tags of If-Match', () => {
  const TAG = '"state.body"';
  it.each([
    ['the tag itself', '"state.body"', true],
    ['its first part', '"state"', true],
    ['another body', '"state.other"', true],
    ['a list that has it', '"x", "state.body"', true],
    ['a list with empty places', ', "state.body" ,"y",', true],
    ['another state', '"other.body"', false],
    ['a list of others', '"x","y"', false],
    ['a weak one', 'W/"state.body"', false],
    ['a list with a weak one', '"x", W/"state.body"', false],
    ['nothing', '', false],
  ])('%s: %s', (_, ifMatch, same) => expect(sameState(ifMatch, TAG)).toBe(same));
});
