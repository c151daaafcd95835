/** Layering rules of docs/architecture.md: a path tells what a file may touch. */
const DAEMONS = ['scout', 'planner', 'processor', 'broadcaster', 'watch', 'origin', 'host'];

/** A daemon folder never imports another daemon folder: they meet in store/ and contract/. */
const daemonRules = DAEMONS.map((name) => ({
  name: `daemon-${name}-stands-alone`,
  severity: 'error',
  from: { path: `^core/${name}/` },
  to: { path: `^core/(${DAEMONS.filter((other) => other !== name).join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'electron-only-in-electron',
      severity: 'error',
      from: { pathNot: '^electron/' },
      to: { path: '^electron$|node_modules/electron/' },
    },
    {
      name: 'react-only-in-renderer',
      severity: 'error',
      from: { pathNot: '^renderer/' },
      to: { path: 'node_modules/react(-dom)?/' },
    },
    {
      name: 'contract-imports-only-zod-and-orpc-contract',
      severity: 'error',
      from: { path: '^core/contract/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^core/contract/', 'node_modules/zod/', 'node_modules/@orpc/contract/'] },
    },
    {
      name: 'renderer-imports-only-contract-from-core',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(core/(?!contract/)|cli/|electron/)' },
    },
    {
      name: 'platform-imports-only-contract',
      severity: 'error',
      from: { path: '^core/platform/' },
      to: { path: '^core/(?!platform/|contract/)' },
    },
    {
      name: 'store-and-media-below-daemons',
      severity: 'error',
      from: { path: '^core/(store|media)/' },
      to: { path: `^core/(${DAEMONS.join('|')})/` },
    },
    {
      name: 'alerts-import-only-contract',
      severity: 'error',
      from: { path: '^core/alerts/', pathNot: '\\.test\\.ts$' },
      to: { path: '^core/(?!alerts/|contract/)' },
    },
    {
      name: 'core-imports-no-shell',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(cli|electron|renderer|bench)/' },
    },
    {
      name: 'product-imports-no-tests',
      severity: 'error',
      from: { path: '^(core|cli|renderer|electron)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(tests|bench)/' },
    },
    ...daemonRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules/.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs'],
    },
  },
};
