// How each tool is called.

const ESBUILD = ['esbuild', 'main.mjs', '--bundle', '--platform=node'];
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Of each: the package that the tool is; the command that bundles the application, into the folder `out` or into
 * `output`; what is started then, and the path that it `serves` if it is a server; whether the package is left out, so
 * that it has to be brought along; and the settings that the README and the error of a missing module have to name.
 */
export const BUNDLERS = [
  {
    name: 'esbuild',
    tool: 'esbuild',
    command: (out) => [...ESBUILD, '--loader:.node=copy', `--outdir=${out}`],
    main: 'main.js',
    settings: ['--loader:.node=copy'],
  },
  {
    name: 'esbuild, an ES module',
    tool: 'esbuild',
    command: (out) => [
      ...[...ESBUILD, '--loader:.node=copy', '--format=esm', '--out-extension:.js=.mjs', `--banner:js=${REQUIRE}`],
      `--outdir=${out}`,
    ],
    main: 'main.mjs',
    settings: ['--loader:.node=copy'],
  },
  {
    name: 'esbuild, the package left out',
    tool: 'esbuild',
    command: (out) => [...ESBUILD, '--external:reset-password', `--outdir=${out}`],
    main: 'main.js',
    leftOut: true,
    settings: ['--external:reset-password'],
  },
  {
    name: 'webpack',
    tool: 'webpack',
    command: (out) => ['webpack', '--output-path', out],
    main: 'main.js',
    settings: ['node-loader'],
  },
  {
    name: 'webpack, the package left out',
    tool: 'webpack',
    command: (out) => ['webpack', '--env', 'leftOut=commonjs', '--output-path', out],
    main: 'main.js',
    leftOut: true,
    settings: ['externals'],
  },
  {
    name: 'webpack, an ES module, the package left out',
    tool: 'webpack',
    command: (out) => ['webpack', '--env', 'leftOut=module', '--output-path', out],
    main: 'main.mjs',
    leftOut: true,
    settings: ['externals'],
  },
  {
    name: '@vercel/nft',
    tool: '@vercel/nft',
    command: () => ['nft', 'build', 'main.mjs'],
    output: 'dist',
    main: 'main.mjs',
    settings: [],
  },
  {
    name: 'Next.js, standalone',
    tool: 'next',
    command: () => ['next', 'build'],
    output: '.next/standalone',
    main: 'server.js',
    serves: '/story',
    settings: ['serverExternalPackages'],
  },
];
