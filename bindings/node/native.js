'use strict';

/** Why the module of a package could not be used, where there may be another. */
let failure;

/**
 * Goes on where a package is not installed, or is made for another C library than the one here: an installer that does
 * not know of C libraries brings both. Another failure is about a module that is there, and says more.
 */
function passOver(error) {
  if (error.code === 'ERR_DLOPEN_FAILED' && process.platform === 'linux') failure = error;
  else if (error.code === 'MODULE_NOT_FOUND') failure ??= error;
  else throw error;
}

/**
 * Loads the native module from the package of this platform. Bundlers and file tracers find a package by the literal
 * name that is required, and do without one that is not installed where that stands in a `try`.
 */
function load() {
  switch (`${process.platform}-${process.arch}`) {
    case 'linux-x64':
      try { return require('reset-password-linux-x64-gnu'); } catch (error) { passOver(error); }
      try { return require('reset-password-linux-x64-musl'); } catch (error) { passOver(error); }
      break;
    case 'linux-arm64':
      try { return require('reset-password-linux-arm64-gnu'); } catch (error) { passOver(error); }
      try { return require('reset-password-linux-arm64-musl'); } catch (error) { passOver(error); }
      break;
    case 'darwin-x64':
      try { return require('reset-password-darwin-x64'); } catch (error) { passOver(error); }
      break;
    case 'darwin-arm64':
      try { return require('reset-password-darwin-arm64'); } catch (error) { passOver(error); }
      break;
    default:
      throw new Error(
        `reset-password has no native module for ${process.platform}-${process.arch}, only for Linux and macOS on x64 ` +
          'and arm64',
      );
  }
  if (failure.code !== 'MODULE_NOT_FOUND') throw failure;
  throw new Error(
    `reset-password has no native module here, though there is one for ${process.platform}-${process.arch}: either ` +
      'its package was not installed (optional dependencies were left out, or node_modules was made on another ' +
      'system), or a bundler left it behind: keep reset-password out of the bundle ' +
      '(esbuild --external:reset-password, webpack externals, Next.js serverExternalPackages) and bring ' +
      'node_modules along, or have .node files copied (esbuild --loader:.node=copy, webpack node-loader) and ' +
      'bring those along',
    { cause: failure },
  );
}

module.exports = load();
