// The arrows of the house. A room may look only where an arrow points.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(libs|apps)/', pathNot: [from, ...allowed] },
});
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment: 'the domain imports nothing: no package, no node:*, no other room',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/domain/' },
    },
    only('event-store', '^libs/event-store/', ['^libs/domain/'], 'the log knows the domain types (codec), nothing else'),
    only('vault', '^libs/vault/', ['^libs/domain/', '^libs/event-store/(port|codec)\\.ts'], 'keys and the person index'),
    only(
      'application',
      '^libs/application/',
      ['^libs/domain/', '^libs/event-store/(port|codec)\\.ts', '^libs/vault/', '^libs/access/'],
      '',
    ),
    only(
      'read-models',
      '^libs/read-models/',
      ['^libs/domain/', '^libs/event-store/(port|codec|position|announced)\\.ts', '^libs/access/'],
      '',
    ),
    only('delivery', '^libs/delivery/', ['^libs/domain/', '^libs/event-store/(port|codec)\\.ts', '^libs/access/'], ''),
    only(
      'watch',
      '^libs/watch/',
      ['^libs/domain/', '^libs/event-store/(port|codec)\\.ts', '^libs/application/'],
      'turns missed duties into events',
    ),
    only(
      'processes',
      '^libs/processes/',
      ['^libs/domain/', '^libs/event-store/(port|codec)\\.ts', '^libs/application/'],
      'carries what one stream says over to others',
    ),
    only('access', '^libs/access/', ['^libs/domain/', '^libs/event-store/(port|codec)\\.ts'], ''),
    only('scenarios', '^libs/scenarios/', ['^libs/domain/kernel/'], 'reads files, speaks HTTP'),
    only(
      'platform',
      '^libs/platform/',
      ['^libs/(domain|event-store|vault|access|application|read-models|delivery|watch|processes)/'],
      'wiring',
    ),
    {
      name: 'adapters-only-from-platform',
      severity: 'error',
      from: { pathNot: '^(libs/event-store/(postgres|eventstoredb)/|libs/platform/|apps/|test/)' },
      to: { path: '^libs/event-store/(postgres|eventstoredb)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
  },
};
