<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

/** Under PHP's own server and under php-fpm: the engine stays from request to request. */
final class ServersTest extends TestCase
{
    /** @var list<resource> */
    private array $servers = [];

    protected function tearDown(): void
    {
        foreach ($this->servers as $server) {
            proc_terminate($server);
            proc_close($server);
        }
        parent::tearDown();
    }

    public function testPhpsOwnServer(): void
    {
        $this->open()->createUser('ada@example.com');
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($listener, false);
        fclose($listener);
        $this->start([PHP_BINARY, '-q', '-S', $address, __DIR__ . '/worker.php'], "tcp://$address");
        $answers = [];
        for ($request = 0; $request < 20; $request++) {
            $answers[] = json_decode(file_get_contents("http://$address/"), true, flags: JSON_THROW_ON_ERROR);
        }
        self::assertSame(['cli-server'], array_unique(array_column($answers, 'server')));
        $this->assertTheEngineStays($answers);
    }

    public function testPhpFpm(): void
    {
        $this->open()->createUser('ada@example.com');
        $fpm = $this->fpm(__DIR__ . '/worker.php', 2);
        $processes = [];
        for ($request = 0; $request < 40; $request++) {
            $answer = json_decode($fpm->request('GET', '/')[1], true, flags: JSON_THROW_ON_ERROR);
            self::assertSame('fpm-fcgi', $answer['server']);
            $processes[$answer['process']][] = $answer;
        }
        self::assertLessThanOrEqual(2, count($processes));
        $busiest = max(array_map(count(...), $processes));
        self::assertGreaterThan(10, $busiest);
        foreach ($processes as $answers) {
            if (count($answers) === $busiest) {
                $this->assertTheEngineStays($answers);
            }
        }
    }

    public function testTheExampleApplicationUnderPhpFpm(): void
    {
        $application = __DIR__ . '/../../../examples/php/public/index.php';
        $fpm = $this->fpm(realpath($application), 1);
        [$head] = $fpm->request('GET', '/healthz');
        self::assertStringNotContainsString('Status:', $head);
        $form = ['email' => 'ada@example.com', 'password' => self::PASSWORD];
        self::assertStringContainsString('Status: 201', $fpm->request('POST', '/sign-up', $form)[0]);
        [, $known] = $fpm->request('POST', '/forgot-password', ['email' => 'ada@example.com']);
        [, $unknown] = $fpm->request('POST', '/forgot-password', ['email' => 'nobody@example.com']);
        self::assertSame($known, $unknown);

        // The mail leaves after the answer, and the one worker takes the next request after the mail.
        $mails = file("{$this->folder}/outbox");
        self::assertCount(1, $mails);
        $mail = json_decode($mails[0]);
        self::assertSame('ada@example.com', $mail->to);
        $uri = parse_url($mail->url, PHP_URL_PATH) . '?' . parse_url($mail->url, PHP_URL_QUERY);
        [$head, $page] = $fpm->request('GET', $uri);
        self::assertStringContainsString('Referrer-Policy: no-referrer', $head);
        self::assertStringContainsString('Cache-Control: no-store', $head);
        self::assertSame(1, preg_match('/name="token" value="([^"]+)"/', $page, $token));

        $form = ['token' => $token[1], 'new_password' => 'short'];
        [$head, $page] = $fpm->request('POST', '/reset-password', $form);
        self::assertStringContainsString('Status: 400', $head);
        self::assertStringContainsString('<li>use at least 15 characters</li>', $page);
        $form['new_password'] = self::NEW_PASSWORD;
        self::assertStringContainsString('Your password has been changed', $fpm->request('POST', '/reset-password', $form)[1]);
        self::assertStringContainsString('This link cannot be used any more', $fpm->request('POST', '/reset-password', $form)[1]);

        $form = ['email' => 'ada@example.com', 'password' => self::PASSWORD];
        self::assertStringContainsString('Status: 401', $fpm->request('POST', '/log-in', $form)[0]);
        $form['password'] = self::NEW_PASSWORD;
        self::assertStringContainsString('Welcome', $fpm->request('POST', '/log-in', $form)[1]);
        self::assertStringContainsString('Status: 400', $fpm->request('POST', '/log-in', ['email' => ['a']])[0]);
        self::assertStringNotContainsString($token[1], file_get_contents("{$this->folder}/log"));
    }

    /** The first request opens; those after it find the engine, and nothing piles up. */
    private function assertTheEngineStays(array $answers): void
    {
        [$first, $second] = $answers;
        $last = end($answers);
        self::assertSame([$first['process'], 1], [$last['process'], $last['users']]);
        self::assertGreaterThan(0, $second['files']);
        self::assertSame([$second['files'], $second['threads']], [$last['files'], $last['threads']]);
        $later = min(array_column(array_slice($answers, 1), 'nanoseconds'));
        self::assertLessThan($first['nanoseconds'] / 4, $later, "{$first['nanoseconds']} and then $later");
    }

    private function fpm(string $script, int $workers): FastCgi
    {
        $socket = "{$this->folder}/socket";
        $user = posix_geteuid() === 0 ? "user = root\ngroup = root\n" : '';
        file_put_contents("{$this->folder}/fpm.conf", "[global]\nerror_log = {$this->folder}/log\ndaemonize = no\n"
            . "[app]\nlisten = $socket\n{$user}pm = static\npm.max_children = $workers\nclear_env = no\n"
            . "catch_workers_output = yes\n");
        $names = array_filter(['/usr/sbin/php-fpm8.2', '/usr/sbin/php-fpm'], is_executable(...));
        $command = [reset($names), '--fpm-config', "{$this->folder}/fpm.conf", '--allow-to-run-as-root'];
        $this->start($command, "unix://$socket");
        return new FastCgi($socket, $script);
    }

    /** Starts a server and waits until it listens. */
    private function start(array $command, string $address): void
    {
        $environment = [
            'DATABASE' => "{$this->folder}/app.db",
            'OUTBOX' => "{$this->folder}/outbox",
            'RESET_URL' => 'https://app.example.com/reset-password',
            'ARGON2_MEMORY_KIB' => '19456',
        ];
        $log = ['file', "{$this->folder}/server-log", 'a'];
        $this->servers[] = proc_open($command, [1 => $log, 2 => $log], $pipes, null, $environment + getenv());
        for ($until = microtime(true) + 20; microtime(true) < $until; usleep(10_000)) {
            if ($connection = @stream_socket_client($address)) {
                fclose($connection);
                return;
            }
        }
        self::fail(file_get_contents("{$this->folder}/server-log"));
    }
}
