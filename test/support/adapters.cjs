// One line at the end for each event store: a store that nobody tried must not look green.
const CONTRACT = / as an event store$/;
module.exports = class Adapters {
  onRunComplete(_contexts, { testResults }) {
    const tests = testResults.flatMap((file) => file.testResults).filter(({ ancestorTitles: [suite] }) => CONTRACT.test(suite));
    for (const suite of new Set(tests.map(({ ancestorTitles: [name] }) => name)))
      process.stdout.write(
        `\n${suite.replace(CONTRACT, '')}: ${verdict(tests.filter(({ ancestorTitles: [name] }) => name === suite))}`,
      );
  }
};

function verdict(tests) {
  const of = (status) => tests.filter((test) => test.status === status);
  const [passed, failed, skipped] = [of('passed'), of('failed'), of('pending')];
  if (failed.length > 0) return `FAILED, ${failed.length} of ${tests.length}`;
  if (passed.length === 0) return skipped.find(({ title }) => title.startsWith('skipped'))?.title ?? 'not run';
  return `verified, ${passed.length} tests${skipped.map(({ title }) => `; not tried: ${title}`).join('')}`;
}
