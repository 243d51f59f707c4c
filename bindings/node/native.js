'use strict';

// Loads the native module from the package of this platform.
const { platform, arch } = process;
const libraries = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? [''];
const packages = libraries.map((library) => `reset-password-${platform}-${arch}${library}`);

function load() {
  for (const name of packages) {
    try {
      return require(name);
    } catch (error) {
      // Another failure is about a module that is there, and says more.
      if (error.code !== 'MODULE_NOT_FOUND' || !error.message.includes(name)) throw error;
    }
  }
  throw new Error(
    `reset-password has no native module for ${platform}-${arch} here: none of ` +
      `${packages.join(', ')} is installed (were optional dependencies left out?)`,
  );
}

module.exports = load();
