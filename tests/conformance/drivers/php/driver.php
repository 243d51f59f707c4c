<?php

// Reads one request a line and writes one answer a line; see tests/conformance.

declare(strict_types=1);

require __DIR__ . '/methods.php';
require __DIR__ . '/values.php';
require __DIR__ . '/reflection.php';

use ResetPassword\Exception;
use ResetPassword\UserManagement;

final class Driver
{
    /** @var array<string, UserManagement> */
    private array $handles = [];

    /** What a request is answered with, but for its id. */
    public function answer(array $request): array
    {
        try {
            return ['ok' => $this->call($request)];
        } catch (Exception $refused) {
            return ['error' => [
                'code' => $refused->getErrorCode(),
                'message' => $refused->getMessage(),
                'errors' => array_map(plain(...), $refused->getErrors()),
                'retryable' => $refused->isRetryable(),
                'retry_after' => $refused->getRetryAfter(),
                'class' => (new ReflectionClass($refused))->getShortName(),
            ]];
        } catch (TypeError) {
            return ['error' => [
                'code' => 'input_invalid', 'message' => '', 'errors' => [], 'retryable' => false,
                'retry_after' => null, 'class' => 'TypeError',
            ]];
        } catch (Throwable $failed) {
            return ['error' => ['code' => 'driver_failed', 'message' => $failed::class . ': ' . $failed->getMessage()]];
        }
    }

    private function call(array $request): mixed
    {
        $call = $request['call'] ?? '';
        $arguments = $request['arguments'] ?? [];
        switch ($call) {
            case 'concurrently':
                return $this->concurrently($arguments['calls'], null);
            case 'at':
                return $this->concurrently($arguments['calls'], $arguments['unix_millis']);
            case 'signatures':
                return signatures();
            case 'codes':
                return codes();
            case 'version':
                return ['package' => phpversion('reset_password'), 'runtime' => 'PHP ' . PHP_VERSION];
        }
        $name = $request['handle'] ?? '';
        $named = [];
        foreach ($arguments as $argument => $value) {
            $named[camel_case((string) $argument)] = special($value);
        }
        if ($call === 'open') {
            unset($this->handles[$name]);
            $this->handles[$name] = new UserManagement(...$named);
            return null;
        }
        $handle = $this->handles[$name] ?? throw new LogicException("there is no handle $name");
        if ($call === 'drop') {
            $handle->close();
            unset($this->handles[$name]);
            return null;
        }
        if (!in_array($call, METHODS, true)) {
            throw new LogicException("there is no call $call");
        }
        $result = $handle->{camel_case($call)}(...$named);
        return plain($call === 'reset_password' ? $result->user : $result);
    }

    /** Does each call in a child of its own, at once or at a moment of the system's clock. */
    private function concurrently(array $calls, ?int $moment): array
    {
        $children = [];
        [$gate, $start] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        foreach ($calls as $call) {
            [$near, $far] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
            $process = pcntl_fork();
            if ($process === 0) {
                fclose($near);
                // Its end is what every child waits for.
                fclose($start);
                $moment === null ? fread($gate, 1) : wait_until($moment);
                fwrite($far, json_encode($this->answer($call), FLAGS));
                fclose($far);
                // Nothing of the parent's is ended in the child.
                posix_kill(posix_getpid(), SIGKILL);
            }
            fclose($far);
            $children[] = [$process, $near];
        }
        fclose($start);
        fclose($gate);
        return array_map(static function (array $child): mixed {
            $answer = json_decode(stream_get_contents($child[1]), false, flags: JSON_THROW_ON_ERROR);
            pcntl_waitpid($child[0], $status);
            return $answer;
        }, $children);
    }
}

function wait_until(int $moment): void
{
    $left = $moment / 1000 - microtime(true) - 0.001;
    if ($left > 0) {
        usleep((int) ($left * 1e6));
    }
    while (microtime(true) * 1000 < $moment);
}

const FLAGS = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;

$driver = new Driver();
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, true);
    $answer = is_array($request)
        ? $driver->answer($request)
        : ['error' => ['code' => 'driver_failed', 'message' => 'the line is not a request']];
    fwrite(STDOUT, json_encode(['id' => $request['id'] ?? null] + $answer, FLAGS) . "\n");
    fflush(STDOUT);
}
