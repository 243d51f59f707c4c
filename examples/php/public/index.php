<?php

declare(strict_types=1);

use ResetPassword\Exception;
use ResetPassword\InvalidCredentialsException;
use ResetPassword\PasswordRejectedException;
use ResetPassword\PasswordReset;
use ResetPassword\PasswordResetTokenExpiredException;
use ResetPassword\PasswordResetTokenNotFoundException;
use ResetPassword\RateLimitedException;
use ResetPassword\UserManagement;

const FORGOT = '<form method="post" action="/forgot-password">'
    . '<label>E-mail <input type="email" name="email" autocomplete="email" required></label>'
    . '<button>Send a link</button></form>';
const DEAD = '<p>This link cannot be used any more.</p><p><a href="/forgot-password">Ask for a new one</a></p>';

/** Any text as text within HTML. */
function escaped(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

/** A page, with the headers that keep a link's token in it. */
function page(int $status, string $title, string $body): never
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    header('Cache-Control: no-store');
    header('Referrer-Policy: no-referrer');
    header('X-Content-Type-Options: nosniff');
    header("Content-Security-Policy: default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    $title = escaped($title);
    echo "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>$title</title><h1>$title</h1>\n$body\n</html>\n";
    exit;
}

/** The form for a new password, with the reasons why the last one was refused. */
function reset_form(string $token, string $reasons = ''): string
{
    return $reasons . '<form method="post" action="/reset-password">'
        . '<input type="hidden" name="token" value="' . escaped($token) . '">'
        . '<label>New password <input type="password" name="new_password" autocomplete="new-password" required></label>'
        . '<button>Change the password</button></form>';
}

/** The reasons of a refused password or input, as a list. */
function reasons(Exception $refused): string
{
    $items = array_map(
        static fn($reason) => '<li>' . escaped($reason->message) . '</li>',
        $refused->getErrors(),
    );
    return '<ul>' . implode('', $items ?: ['<li>' . escaped($refused->getMessage()) . '</li>']) . '</ul>';
}

/** A field of the form that was sent. */
function field(string $name): string
{
    $value = $_POST[$name] ?? null;
    if (!is_string($value) || $value === '') {
        page(400, 'Something is missing', '<p>Please fill in every field.</p>');
    }
    return $value;
}

/** Refuses forms that another site sent. Browsers say where a request comes from. */
function refuse_other_sites(): void
{
    $site = $_SERVER['HTTP_SEC_FETCH_SITE'] ?? null;
    $origin = $_SERVER['HTTP_ORIGIN'] ?? null;
    $ours = $site !== null
        ? in_array($site, ['same-origin', 'none'], true)
        : $origin === null || preg_replace('#^https?://#', '', $origin) === ($_SERVER['HTTP_HOST'] ?? '');
    if (!$ours) {
        page(403, 'Refused', '<p>This form was sent from another site.</p>');
    }
}

/** Hands the link to the mailer, once the answer is out: it takes no longer for an address that is known. */
function mail_later(?PasswordReset $reset): void
{
    register_shutdown_function(static function () use ($reset): void {
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        }
        if ($reset !== null) {
            $line = json_encode(['to' => $reset->email, 'url' => $reset->passwordResetUrl], JSON_UNESCAPED_SLASHES);
            file_put_contents(getenv('OUTBOX'), "$line\n", FILE_APPEND | LOCK_EX);
        }
    });
}

function application(): never
{
    $path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
    $route = "{$_SERVER['REQUEST_METHOD']} $path";
    if ($_SERVER['REQUEST_METHOD'] === 'POST') {
        refuse_other_sites();
    }
    // One engine in a worker: the next request finds it open.
    $memory = getenv('ARGON2_MEMORY_KIB');
    $userManagement = new UserManagement(
        getenv('DATABASE'),
        resetUrl: getenv('RESET_URL'),
        argon2MemoryKib: $memory ? (int) $memory : null,
    );
    switch ($route) {
        case 'GET /healthz':
            header('Content-Type: text/plain');
            exit('ok');
        case 'POST /sign-up':
            $userManagement->createUser(field('email'), field('password'));
            page(201, 'Signed up', '<p>You can log in now.</p>');
        case 'POST /log-in':
            // An application begins its session here, and ends it when $user->credentialsChangedAt is later.
            $user = $userManagement->authenticateWithPassword(field('email'), field('password'));
            page(200, 'Welcome', '<p>' . escaped($user->email) . '</p>');
        case 'GET /forgot-password':
            page(200, 'Forgot your password?', FORGOT);
        case 'POST /forgot-password':
            mail_later($userManagement->requestPasswordReset(field('email')));
            page(200, 'Look into your mail', '<p>If we know that address, a link is on its way to it.</p>');
        case 'GET /reset-password':
            $token = $_GET['token'] ?? '';
            page(200, 'Choose a new password', reset_form(is_string($token) ? $token : ''));
        case 'POST /reset-password':
            $token = field('token');
            try {
                $userManagement->resetPassword($token, field('new_password'));
            } catch (PasswordRejectedException $refused) {
                page(400, 'Choose another password', reset_form($token, reasons($refused)));
            }
            page(200, 'Done', '<p>Your password has been changed.</p>');
    }
    page(404, 'Not found', '');
}

try {
    application();
} catch (InvalidCredentialsException) {
    page(401, 'Not logged in', '<p>The e-mail address or the password is wrong.</p>');
} catch (RateLimitedException $refused) {
    if ($refused->isRetryable()) {
        header("Retry-After: {$refused->getRetryAfter()}");
    }
    page(429, 'Not logged in', '<p>' . escaped($refused->getMessage()) . '</p>');
} catch (PasswordResetTokenNotFoundException | PasswordResetTokenExpiredException) {
    page(400, 'Sorry', DEAD);
} catch (Exception $refused) {
    if ($refused->isRetryable()) {
        header("Retry-After: {$refused->getRetryAfter()}");
        page(503, 'Please try again', '<p>We are busy. Try again in a moment.</p>');
    }
    if (in_array($refused->getErrorCode(), ['config_invalid', 'internal', 'unsupported'], true)) {
        error_log("{$refused->getErrorCode()}: {$refused->getMessage()}");
        page(500, 'Sorry', '<p>Something went wrong.</p>');
    }
    page(400, 'That did not work', reasons($refused));
}
