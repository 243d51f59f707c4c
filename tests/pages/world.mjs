// What the pages stand in: the service, an SMTP server, and another site.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/**
 * An SMTP server that keeps what it is given. `server` are options of smtp-server; `take(mail, session)` may take its time,
 * refuse by throwing, or end the connection.
 */
export async function mailbox(tools, { server: options = {}, port = 0, take = () => {} } = {}) {
  const require = createRequire(join(tools, 'package.json'));
  const { SMTPServer } = require('smtp-server');
  const { simpleParser } = require('mailparser');
  const mails = [];
  const waiting = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    onData: async (stream, session, done) => {
      const mail = await simpleParser(stream);
      mail.recipients = session.envelope.rcptTo.map(({ address }) => address);
      try {
        await take(mail, session);
      } catch (error) {
        done(Object.assign(error, { responseCode: 550 }));
        return;
      }
      mails.push(mail);
      waiting.splice(0).forEach((look) => look());
      done();
    },
  });
  // Whoever hangs up in the middle is part of the play.
  server.on('error', () => {});
  server.listen(port, '0.0.0.0');
  await once(server.server, 'listening');
  return {
    server,
    url: `smtp://127.0.0.1:${server.server.address().port}`,
    port: server.server.address().port,
    mails,
    /** The next mail to an address that fits, and takes it. */
    async next(to, subject) {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const at = mails.findIndex((mail) => mail.recipients.includes(to) && subject.test(mail.subject));
        if (at >= 0) return mails.splice(at, 1)[0];
        if (Date.now() > deadline) {
          throw new Error(`no mail to ${to} of ${subject}; there are ${mails.map((mail) => mail.subject)}`);
        }
        await new Promise((look) => {
          waiting.push(look);
          setTimeout(look, 500);
        });
      }
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** The link of a mail, as its text has it. */
export function linkOf(mail) {
  const lines = mail.text.split('\n').map((line) => line.trim());
  const links = lines.filter((line) => /^https?:\/\/\S+$/.test(line));
  if (links.length !== 1) throw new Error(`one link stands alone on its line: ${mail.text}`);
  return links[0];
}

/** A site of somebody else's, which notes what it is asked. */
export async function otherSite() {
  const requests = [];
  let page = '<!doctype html><title>elsewhere</title><p>elsewhere</p>';
  const server = createServer((request, response) => {
    requests.push({ url: request.url, headers: request.headers });
    response.setHeader('content-type', 'text/html');
    response.end(page);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${server.address().port}`,
    requests,
    show: (html) => { page = html; },
    close: () => server.close(),
  };
}

export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The service with its pages, and its command. */
export async function service({ command, database, smtp, signIn, name = 'Example', more = [] }) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const options = ['--database', database, '--reset-url', `${url}/account/reset`, '--json'];
  const run = (args, input = '') => {
    const { status, stdout, stderr } = spawnSync(command, [...options, ...args], { encoding: 'utf8', input });
    return { status, answer: stdout && JSON.parse(stdout), stderr };
  };
  run(['user', 'create', 'first@example.com']);
  const child = spawn(
    command,
    [
      '--database', database, '--argon2-memory-kib', '19456', '--argon2-iterations', '2', 'serve',
      '--listen', new URL(url).host, '--pages', '--pages-url', `${url}/account`,
      '--pages-name', name, '--sign-in-url', signIn,
      ...smtp, '--mail-from', 'Example <no-reply@example.com>', '--log-format', 'json',
      ...more,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // A test that fails leaves nothing running.
  process.once('exit', () => child.kill('SIGKILL'));
  const log = [];
  let listening;
  const started = new Promise((resolve, reject) => {
    listening = resolve;
    child.once('exit', () => reject(new Error(`the service ended:\n${log.join('\n')}`)));
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    const { address } = JSON.parse(line);
    if (address) listening(address);
  });
  await started;
  return {
    url,
    log,
    /** A user, and the link that sets their first password. */
    invite(email, options = []) {
      const created = run(['user', 'create', email, ...options]);
      if (created.status !== 0) throw new Error(created.stderr);
      return this.link(email);
    },
    link(email) {
      const made = run(['reset', 'create', '--show-link', email]);
      if (made.status !== 0) throw new Error(made.stderr);
      return made.answer.password_reset_url;
    },
    /** What a command answers, whatever that is. */
    tries: (args) => run(args),
    /** Has a link sent, as the command line does for a public form. */
    send(email) {
      const sent = run(['--messages', 'reset', 'request', email]);
      if (sent.status !== 0) throw new Error(sent.stderr);
    },
    /** Gives a user another address, as a trusted server does. */
    moves(from, to) {
      const moved = run(['--messages', 'user', 'update', from, '--email', to]);
      if (moved.status !== 0) throw new Error(moved.stderr);
    },
    logsIn: (email, password) => run(['user', 'authenticate', email, '--password-stdin'], password).status === 0,
    usable: (link) =>
      run(['reset', 'check', '--token-stdin'], new URL(link).searchParams.get('token')).status === 0,
    stop: async (signal = 'SIGTERM') => {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
