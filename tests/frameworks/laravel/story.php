<?php

/** A reset in Laravel's own table: story.php sqlite|postgres|mysql bcrypt|argon2id, on the database at STORY_URL. */

declare(strict_types=1);

use App\Models\User;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Hash;
use Illuminate\Support\Facades\Password;
use Illuminate\Support\Str;
use ResetPassword\Exception;
use ResetPassword\UserManagement;

// This Laravel is older than this PHP, and says so at every turn.
error_reporting(E_ALL & ~E_DEPRECATED);
require 'Illuminate/autoload.php';
require __DIR__ . '/browser.php';
require __DIR__ . '/settings.php';

const OLD = 'a long walk by the sea';
const NEW_ONE = 'seven green boats at dusk';
const ELSEWHERE = 'nine red kites over the hill';
[, $kind, $hash] = $argv;
define('KIND', $kind);
define('BCRYPT', $hash === 'bcrypt');
define('URL', getenv('STORY_URL'));
define('FOLDER', sys_get_temp_dir() . '/laravel-' . bin2hex(random_bytes(8)));

/** The server that the database is on, as PDO takes it. */
function server(): PDO
{
    $parts = parse_url(URL);
    $database = KIND === 'postgres' ? 'pgsql:dbname=postgres;' : 'mysql:';

    return new PDO("{$database}host={$parts['host']};port={$parts['port']}", $parts['user'], $parts['pass'] ?? '');
}

/** The database as Laravel calls it, made first. */
function new_database(): array
{
    if (KIND === 'sqlite') {
        touch(URL);

        return ['driver' => 'sqlite', 'database' => URL, 'prefix' => ''];
    }
    $parts = parse_url(URL);
    $name = substr($parts['path'], 1);
    server()->exec("CREATE DATABASE $name");
    $driver = KIND === 'postgres'
        ? ['driver' => 'pgsql', 'charset' => 'utf8']
        : ['driver' => 'mysql', 'charset' => 'utf8mb4', 'collation' => 'utf8mb4_unicode_ci'];

    return $driver + [
        'database' => $name,
        'host' => $parts['host'],
        'port' => $parts['port'],
        'username' => $parts['user'],
        'password' => $parts['pass'] ?? '',
        'prefix' => '',
    ];
}

function drop_database(string $name): void
{
    DB::disconnect();
    // The engine's own connections are still there.
    KIND === 'sqlite' || server()->exec("DROP DATABASE $name" . (KIND === 'postgres' ? ' WITH (FORCE)' : ''));
}

/** Writes the files of docs/guides/laravel.md into the application's folder. */
function of_the_guide(): void
{
    $guide = file_get_contents(dirname(__DIR__, 3) . '/docs/guides/laravel.md');
    preg_match_all('/```(?:php|blade)\n((?:<\?php\n)?)(?:\/\/|{{--) (\S+)(?: --}})?\n(.*?)```/s', $guide, $files, PREG_SET_ORDER);
    foreach ($files as [, $opening, $name, $text]) {
        @mkdir(dirname(FOLDER . "/$name"), recursive: true);
        file_put_contents(FOLDER . "/$name", $opening . $text);
    }
}

/** Makes the application's folder, with its settings as config:cache writes them, and its tables. */
function new_application(array $database): void
{
    foreach (['bootstrap/cache', 'database/migrations', 'storage/framework/sessions', 'storage/framework/views'] as $folder) {
        mkdir(FOLDER . "/$folder", recursive: true);
    }
    of_the_guide();
    putenv('RESET_PASSWORD_DATABASE=' . URL);
    putenv('RESET_PASSWORD_KEY=' . str_repeat('0123456789abcdef', 4));
    putenv('APP_URL=https://example.com');
    $settings = settings(FOLDER, $database, BCRYPT ? 'bcrypt' : 'argon2id');
    if (! BCRYPT) {
        $settings['reset_password']['users'] = "preset = \"laravel\"\nhash = \"argon2id\"\n";
    }
    file_put_contents(FOLDER . '/bootstrap/cache/config.php', '<?php return ' . var_export($settings, true) . ';');
    spl_autoload_register(function (string $class): void {
        foreach ([FOLDER, __DIR__] as $folder) {
            $file = "$folder/" . lcfirst(str_replace('\\', '/', $class)) . '.php';
            is_file($file) && require $file;
        }
    });

    copy(__DIR__ . '/users_table.php', FOLDER . '/database/migrations/2014_10_12_000000_create_users_table.php');
    if (BCRYPT) {
        $sessions = stream_resolve_include_path('Illuminate/Session/Console/stubs/database.stub');
        copy($sessions, FOLDER . '/database/migrations/2014_10_12_000001_create_sessions_table.php');
    }
    $application = application();
    $application['migration.repository']->createRepository();
    $application['migrator']->run([FOLDER . '/database/migrations']);
}

function check(string $what, bool $is_so): void
{
    $is_so || throw new RuntimeException("not so: $what");
}

function refused(string $code, callable $call): void
{
    try {
        $call();
    } catch (Exception $error) {
        check("{$error->getErrorCode()} is $code", $error->getErrorCode() === $code);

        return;
    }
    throw new RuntimeException("it was not refused with $code");
}

function sign_up(string $email): User
{
    return User::create(['name' => 'Somebody', 'email' => $email, 'password' => Hash::make(OLD)]);
}

function logs_in(string $email, string $password): bool
{
    return (new Browser())->logIn($email, $password);
}

/** A token as Sanctum keeps it. */
function new_token(string $type, User $user): void
{
    DB::table('personal_access_tokens')->insert([
        'tokenable_type' => $type,
        'tokenable_id' => $user->id,
        'name' => 'phone',
        'token' => hash('sha256', Str::random(40)),
    ]);
}

/** Laravel's own reset, which says how it went. */
function reset_by_laravel(User $user, string $token): string
{
    $given = ['email' => $user->email, 'password' => ELSEWHERE, 'token' => $token];

    return Password::reset($given, fn (User $user) => $user->forceFill(['password' => Hash::make(ELSEWHERE)])->save());
}

function story(): void
{
    [$anna, $bob] = [sign_up('Anna@Example.org'), sign_up('bob@example.org')];
    [$session, $remembered, $bobs, $bob_remembered] = [new Browser(), new Browser(), new Browser(), new Browser()];
    $session->logIn('Anna@Example.org', OLD);
    $remembered->logIn('Anna@Example.org', OLD, true);
    $bobs->logIn('bob@example.org', OLD);
    $bob_remembered->logIn('bob@example.org', OLD, true);
    $remembered->reopen();
    check('they are logged in', $session->isAlive() && $remembered->isAlive() && $bobs->isAlive());
    $remembered->reopen();
    $bob_remembered->reopen();
    foreach ([[User::class, $anna], [User::class, $bob], ['App\Models\Team', $anna]] as [$type, $owner]) {
        new_token($type, $owner);
    }
    [$own_link, $bobs_own] = [Password::createToken($anna), Password::createToken($bob)];

    $users = app(UserManagement::class);
    check('found', $users->getUserByEmail('Anna@Example.org')->id === (string) $anna->id);
    // As the database compares them, for Laravel too.
    User::where('email', 'anna@example.ORG')->exists()
        ? check('found', $users->getUserByEmail('anna@example.ORG')->id === (string) $anna->id)
        : refused('user_not_found', fn () => $users->getUserByEmail('anna@example.ORG'));
    check('nobody', $users->requestPasswordReset('nobody@example.org') === null);
    $reset = $users->requestPasswordReset('Anna@Example.org');
    check('the stored address', $reset->email === 'Anna@Example.org');
    $token = $reset->passwordResetToken;
    refused('password_rejected', fn () => $users->resetPassword($token, 'short'));
    BCRYPT && refused('password_rejected', fn () => $users->resetPassword($token, str_repeat('ä', 37)));
    $users->resetPassword($token, NEW_ONE);
    refused('password_reset_token_not_found', fn () => $users->resetPassword($token, NEW_ONE));

    $written = $anna->refresh()->password;
    check("the form: $written", str_starts_with($written, BCRYPT ? '$2y$12$' : '$argon2id$v=19$m=65536,t=3,p=1$'));
    check('verified', $anna->email_verified_at->diffInSeconds() < 60 && $anna->updated_at->diffInSeconds() < 60);
    check('her session ended', ! $session->isAlive());
    check('his session lives', $bobs->isAlive());
    check('her remember cookie ended', ! $remembered->isAlive());
    check('his remember cookie lives', $bob_remembered->isAlive());
    $left = DB::table('personal_access_tokens')->orderBy('tokenable_type')->get(['tokenable_type', 'tokenable_id']);
    $expected = [['App\Models\Team', $anna->id], [User::class, $bob->id]];
    check('tokens ended', $left->map(fn ($row) => [$row->tokenable_type, (int) $row->tokenable_id])->all() === $expected);
    check("Laravel's own link ended", reset_by_laravel($anna, $own_link) === Password::INVALID_TOKEN);
    check('the new password alone', logs_in('Anna@Example.org', NEW_ONE) && ! logs_in('Anna@Example.org', OLD));
    check('the hash stays', $anna->refresh()->password === $written && ! Hash::needsRehash($written));
    check('our login', $users->authenticateWithPassword('Anna@Example.org', NEW_ONE)->id === (string) $anna->id);
    $events = array_map(fn ($event) => $event->event, $users->events()->data);
    check('events: ' . implode(' ', $events), $events === ['password_reset.created', 'password_reset.succeeded']);

    // What Laravel does between the link and its redemption.
    $token = $users->createPasswordReset('bob@example.org')->passwordResetToken;
    check("Laravel's own reset", reset_by_laravel($bob, $bobs_own) === Password::PASSWORD_RESET);
    refused('password_reset_token_not_found', fn () => $users->resetPassword($token, NEW_ONE));
    $token = $users->createPasswordReset('bob@example.org')->passwordResetToken;
    $bob->refresh()->update(['email' => 'bobby@example.org']);
    refused('password_reset_token_not_found', fn () => $users->resetPassword($token, NEW_ONE));
    check("Laravel's own change holds", Hash::check(ELSEWHERE, $bob->refresh()->password));
    $token = $users->createPasswordReset('bobby@example.org')->passwordResetToken;
    $bob->delete();
    refused('password_reset_token_not_found', fn () => $users->resetPassword($token, NEW_ONE));
    refused('user_not_found', fn () => $users->createPasswordReset('bobby@example.org'));
    refused('user_not_found', fn () => $users->getUserByEmail('Änna@Example.org'));
    refused('unsupported', fn () => $users->createUser('new@example.org'));
}

/** The guide's own controller: a form, a mail, a page. */
function pages(): void
{
    sign_up('dora@example.org');
    $browser = new Browser();
    $answers = array_map(fn ($email) => $browser->post('/forgot', ['email' => $email]), ['nobody@example.org', 'dora@example.org']);
    check('one answer', $answers[0]->getContent() === $answers[1]->getContent() && $answers[0]->getStatusCode() === 200);
    check('no address', $browser->post('/forgot', ['email' => 'x'])->getStatusCode() === 422);
    check('one mail', count(Browser::$mails) === 1 && array_keys(Browser::$mails[0]->getTo()) === ['dora@example.org']);
    preg_match('/reset\?token=(\S{43})$/m', Browser::$mails[0]->getBody(), $link);
    for ($times = 0; $times < 2; $times++) {
        $first = $browser->get('/reset', ['token' => $link[1]]);
        check('the token leaves the address', $first->isRedirect() && str_ends_with($first->headers->get('Location'), '/reset'));
        $page = $browser->get('/reset');
        check('the form', str_contains($page->getContent(), 'new-password') && str_contains($page->getContent(), 'name="_token"'));
        check('no referrer', $page->headers->get('Referrer-Policy') === 'no-referrer');
    }
    $browser->post('/reset', ['password' => 'short']);
    check('reasons', str_contains($browser->get('/reset')->getContent(), 'characters'));
    check('done', $browser->post('/reset', ['password' => NEW_ONE])->getStatusCode() === 200);
    check('the login', logs_in('dora@example.org', NEW_ONE) && ! logs_in('dora@example.org', OLD));
    $browser->get('/reset', ['token' => $link[1]]);
    check('dead', $browser->get('/reset')->getStatusCode() === 404);
    check('dead too', $browser->post('/reset', ['password' => ELSEWHERE])->getStatusCode() === 404);
}

$database = new_database();
try {
    new_application($database);
    story();
    pages();
} catch (Throwable $error) {
    fwrite(STDERR, "$error\n");
    $failed = true;
} finally {
    drop_database($database['database']);
    (new Illuminate\Filesystem\Filesystem())->deleteDirectory(FOLDER);
}
exit(isset($failed) ? 1 : 0);
