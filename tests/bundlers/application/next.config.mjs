import { fileURLToPath } from 'node:url';

export default {
  output: 'standalone',
  // Otherwise a lock file in a folder above decides where the application begins.
  outputFileTracingRoot: fileURLToPath(new URL('.', import.meta.url)),
  serverExternalPackages: ['reset-password'],
};
