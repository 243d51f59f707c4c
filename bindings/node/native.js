'use strict';

/**
 * Loads the native module from the package of this platform. Bundlers and file tracers find a package by the literal
 * name that is required, and do without one that is not installed where that stands in a `try`.
 */
function load() {
  try {
    if (process.platform === 'linux' && process.arch === 'x64') return require('reset-password-linux-x64-gnu');
  } catch (error) {
    // Another failure is about a module that is there, and says more.
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(
      `reset-password has no native module here, though there is one for ${process.platform}-${process.arch}: either ` +
        'its package was not installed (optional dependencies were left out, node_modules was made on another ' +
        'system, or this one has no glibc), or a bundler left it behind: keep reset-password out of the bundle ' +
        '(esbuild --external:reset-password, webpack externals, Next.js serverExternalPackages) and bring ' +
        'node_modules along, or have .node files copied (esbuild --loader:.node=copy, webpack node-loader) and ' +
        'bring those along',
      { cause: error },
    );
  }
  throw new Error(
    `reset-password has no native module for ${process.platform}-${process.arch}, only for linux-x64 with glibc`,
  );
}

module.exports = load();
