/** With `--env leftOut=commonjs`, or `module`, the package is left out of a bundle of that kind. */
export default ({ leftOut }) => ({
  mode: 'production',
  target: 'node',
  entry: './main.mjs',
  ...(leftOut
    ? { externals: { 'reset-password': `${leftOut} reset-password` } }
    : {
        module: { rules: [{ test: /\.node$/, loader: 'node-loader' }] },
        // Those of other systems are not installed, and need not be.
        ignoreWarnings: [{ module: /reset-password.native\.js$/ }],
      }),
  ...(leftOut === 'module' && { experiments: { outputModule: true }, output: { module: true, filename: 'main.mjs' } }),
});
