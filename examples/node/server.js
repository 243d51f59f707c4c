import { appendFile } from 'node:fs/promises';

import express from 'express';
import {
  EmailNotAvailableError,
  InputInvalidError,
  InvalidCredentialsError,
  OverloadedError,
  PasswordRejectedError,
  PasswordResetTokenExpiredError,
  PasswordResetTokenNotFoundError,
  RateLimitedError,
  StorageUnavailableError,
  UserManagement,
} from 'reset-password';

import * as pages from './pages.js';

const { ARGON2_MEMORY_KIB, DATABASE, OUTBOX, PORT, RESET_URL } = process.env;

const userManagement = await UserManagement.open(DATABASE, {
  resetUrl: RESET_URL || `http://127.0.0.1:${PORT}/reset-password`,
  ...(ARGON2_MEMORY_KIB ? { argon2MemoryKib: Number(ARGON2_MEMORY_KIB) } : {}),
});

/** The stand-in for a mailer. */
function mail(to, url) {
  return appendFile(OUTBOX, `${JSON.stringify({ to, url })}\n`, { mode: 0o600 });
}

const reasons = (error) =>
  error.errors.length > 0 ? error.errors.map((reason) => reason.message) : [error.message];

const isOneOf = (error, ...types) => types.some((type) => error instanceof type);

/** The fields of a form. One that is missing, or there twice, is a bad request. */
function fields(request, ...names) {
  return names.map((name) => {
    const value = request.body?.[name];
    if (typeof value !== 'string' || value === '') {
      throw Object.assign(new Error('a field is missing'), { status: 400 });
    }
    return value;
  });
}

/** A form on another site may not post here. A client that is no browser sends neither header. */
function sameSite(request, response, next) {
  const from = request.get('Sec-Fetch-Site');
  const origin = request.get('Origin');
  const own = `${request.protocol}://${request.get('Host')}`;
  const allowed = from === undefined ? origin === undefined || origin === own : ['same-origin', 'none'].includes(from);
  if (request.method === 'POST' && !allowed) {
    response.status(403).send(pages.message('This form was sent from another site'));
  } else {
    next();
  }
}

const app = express();
app.disable('etag').disable('x-powered-by');
app.use((request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  next();
});
app.use(sameSite);
app.use(express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 10 }));

app.get('/healthz', (request, response) => response.type('text').send('ok'));

app.post('/sign-up', async (request, response) => {
  const [email, password] = fields(request, 'email', 'password');
  try {
    await userManagement.createUser({ email, password });
  } catch (error) {
    if (!isOneOf(error, EmailNotAvailableError, InputInvalidError, PasswordRejectedError)) throw error;
    response.status(400).send(pages.message('This cannot be used', reasons(error)));
    return;
  }
  response.status(201).send(pages.message('Welcome'));
});

app.post('/log-in', async (request, response) => {
  const [email, password] = fields(request, 'email', 'password');
  try {
    // Begin a session here, and refuse it once the user's `credentialsChangedAt` is later.
    await userManagement.authenticateWithPassword({ email, password });
  } catch (error) {
    if (!(error instanceof InvalidCredentialsError)) throw error;
    response.status(401).send(pages.message('The e-mail address or the password is wrong'));
    return;
  }
  response.send(pages.message('Welcome'));
});

app.get('/forgot-password', (request, response) => response.send(pages.forgotPassword()));

app.post('/forgot-password', async (request, response) => {
  const [email] = fields(request, 'email');
  let reset;
  try {
    reset = await userManagement.requestPasswordReset({ email });
  } catch (error) {
    if (!(error instanceof InputInvalidError)) throw error;
    response.status(400).send(pages.message('This cannot be used', reasons(error)));
    return;
  }
  // The same for everybody. The mail leaves after it, so that it cannot be told by the time it takes.
  response.send(pages.message('If we know this address, we have sent a link to it'));
  if (reset !== null) {
    setImmediate(() => {
      mail(reset.email, reset.passwordResetUrl).catch((error) => console.error('mail failed:', error.code));
    });
  }
});

app.get('/reset-password', (request, response) => {
  const { token } = request.query;
  response.send(pages.resetPassword(typeof token === 'string' ? token : ''));
});

app.post('/reset-password', async (request, response) => {
  const [token, newPassword] = fields(request, 'token', 'new_password');
  try {
    await userManagement.resetPassword({ token, newPassword });
  } catch (error) {
    if (error instanceof PasswordRejectedError) {
      response.status(400).send(pages.resetPassword(token, reasons(error)));
    } else if (isOneOf(error, PasswordResetTokenExpiredError, PasswordResetTokenNotFoundError)) {
      response.status(400).send(pages.message('This link cannot be used any more'));
    } else {
      throw error;
    }
    return;
  }
  response.send(pages.message('Your password has been changed'));
});

// Four parameters make it the handler of what the routes threw.
app.use((error, request, response, next) => {
  if (isOneOf(error, OverloadedError, StorageUnavailableError)) {
    response.set('Retry-After', String(error.retryAfter ?? 1));
    response.status(503).send(pages.message('Please try again shortly'));
  } else if (error instanceof RateLimitedError) {
    // Without a time there is no point in trying again: the password has to be reset.
    if (error.retryable) response.set('Retry-After', String(error.retryAfter ?? 1));
    response.status(429).send(pages.message(error.message));
  } else if (error.status >= 400 && error.status < 500) {
    response.status(error.status).send(pages.message('This request cannot be understood'));
  } else {
    console.error(`${request.method} ${request.path}:`, error.code ?? error.name);
    response.status(500).send(pages.message('Something went wrong'));
  }
});

const server = app.listen(Number(PORT), '127.0.0.1');

process.once('SIGTERM', () => {
  server.close(() => userManagement.close());
  server.closeIdleConnections();
});
