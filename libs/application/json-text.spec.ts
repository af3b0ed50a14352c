import { jsonFaults, MAX_DEPTH, MAX_NAMES, MAX_VALUES } from './json-text.js';

const told = (text: string): string[] => jsonFaults(text).map(({ code, pointer }) => `${code} ${pointer}`);

it.each([
  '{}',
  '[]',
  '{"a":{"a":[{"a":1},{"a":2}]},"b":[[],{}]}',
  ' {"a\\u0062":"{\\"c\\":1,\\"c\\":2}", "c" : null } ',
  '"text"',
  '',
])('%s has no fault', (text) => expect(told(text)).toEqual([]));
it.each([
  ['{"a":1,"a":2}', ['twice /a']],
  ['{"a":1,"\\u0061":2}', ['twice /a']],
  ['{"lines":[{"b":1},{"x~/y":{"a":[],"a":[]}}]}', ['twice /lines/1/x~0~1y/a']],
  ['{"data":{"mode":"visu","toString":"x"}}', ['unknown /data/toString']],
  ['{"constructor":{"a":1},"__proto__":{},"hasOwnProperty":1}', ['unknown /constructor', 'unknown /__proto__', 'unknown /hasOwnProperty']],
  ['[{"a":1,"a":1},{"valueOf":0}]', ['twice /0/a', 'unknown /1/valueOf']],
])('%s: %j', (text, faults) => expect(told(text)).toEqual(faults)); // prettier-ignore
it('limits depth, names of one object and values, whatever they are made of', () => {
  const names = (n: number) => `{${Array.from({ length: n }, (_, i) => `"${i}":1`).join()}}`;
  const nested = (n: number, open: string, close: string) => open.repeat(n) + close.repeat(n);
  expect(told(nested(MAX_DEPTH, '[', ']'))).toEqual([]);
  expect(told(nested(MAX_DEPTH + 1, '[', ']'))[0]).toMatch(/^depth \/0/);
  expect(told(`${nested(100_000, '{"a":', '}')}`)[0]).toMatch(/^depth \/a/);
  expect(told('['.repeat(1_000_000))[0]).toMatch(/^depth/);
  expect(told(names(MAX_NAMES))).toEqual([]);
  expect(told(`{"data":${names(100_000)}}`)).toEqual(['names /data']);
  expect(told(`[${'1,'.repeat(MAX_VALUES)}1]`)).toEqual(['values ']);
});
it('survives what is no JSON', () => {
  for (const text of ['{"a":', '}}]]', '{"a" "a"}', '{,,}', '"\\u00', ':::', '{"a":1}{"a":2}', '\u0000'])
    expect(Array.isArray(jsonFaults(text))).toBe(true);
});
