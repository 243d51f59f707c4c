<?php

declare(strict_types=1);

// Laravel's whole reset, its password broker on Eloquent, with the steps of the `ResetsPasswords`
// trait. Arguments: memory in KiB, iterations, folder for the database.
//
// Left out, to Laravel's advantage: the request with its validation, the mail, and the rest of the
// application. Its broker keeps a token as a password hash, so a reset costs it three: the token's, the
// token's again to compare, and the password's.

require __DIR__ . '/protocol.php';
require 'Illuminate/Auth/autoload.php';
require 'Illuminate/Database/autoload.php';
require 'Illuminate/Events/autoload.php';
require 'Illuminate/Hashing/autoload.php';

use Illuminate\Auth\Authenticatable;
use Illuminate\Auth\EloquentUserProvider;
use Illuminate\Auth\Events\PasswordReset;
use Illuminate\Auth\Passwords\CanResetPassword;
use Illuminate\Auth\Passwords\DatabaseTokenRepository;
use Illuminate\Auth\Passwords\PasswordBroker;
use Illuminate\Contracts\Auth\Authenticatable as AuthenticatableContract;
use Illuminate\Contracts\Auth\CanResetPassword as CanResetPasswordContract;
use Illuminate\Database\Capsule\Manager;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Events\Dispatcher;
use Illuminate\Hashing\Argon2IdHasher;
use Illuminate\Support\Str;

const EMAIL = 'bench-1@example.com';
const MINUTES = 60; // that a token lives

class User extends Model implements AuthenticatableContract, CanResetPasswordContract
{
    use Authenticatable;
    use CanResetPassword;

    protected $hidden = ['password', 'remember_token'];
}

[, $memory, $iterations, $folder] = $argv;
$file = "$folder/laravel.db";
touch($file);

$events = new Dispatcher();
$manager = new Manager();
$manager->addConnection(['driver' => 'sqlite', 'database' => $file, 'prefix' => '']);
$manager->setEventDispatcher($events);
$manager->setAsGlobal();
$manager->bootEloquent();
$connection = $manager->getConnection();
// Laravel's own default is a rollback journal, which takes longer; this makes them equal.
$connection->statement('PRAGMA journal_mode=WAL');
$connection->statement('PRAGMA synchronous=FULL');

// The migrations that a new application brings.
$schema = $connection->getSchemaBuilder();
$schema->create('users', function (Blueprint $table): void {
    $table->id();
    $table->string('name');
    $table->string('email')->unique();
    $table->timestamp('email_verified_at')->nullable();
    $table->string('password');
    $table->rememberToken();
    $table->timestamps();
});
$schema->create('password_resets', function (Blueprint $table): void {
    $table->string('email')->index();
    $table->string('token');
    $table->timestamp('created_at')->nullable();
});

$hasher = new Argon2IdHasher(['memory' => (int) $memory, 'time' => (int) $iterations, 'threads' => 1]);
$users = new EloquentUserProvider($hasher, User::class);
$key = 'only-for-this-measurement-0123456789-0123456789';
// The last one is the throttle, which would let one reset a minute pass.
$tokens = new DatabaseTokenRepository($connection, $hasher, 'password_resets', $key, MINUTES, 0);
$broker = new PasswordBroker($tokens, $users);

$user = new User();
$user->forceFill(['name' => EMAIL, 'email' => EMAIL, 'password' => 'none yet'])->save();

function create_reset(PasswordBroker $broker): string
{
    $sent = null;
    $answer = $broker->sendResetLink(['email' => EMAIL], function ($user, $token) use (&$sent): void {
        $sent = $token;
    });
    return $sent ?? throw new RuntimeException($answer);
}

$resetPassword = function (string $token, string $password) use ($broker, $hasher, $events): string {
    $credentials = [
        'email' => EMAIL,
        'password' => $password,
        'password_confirmation' => $password,
        'token' => $token,
    ];
    return $broker->reset($credentials, function (User $user, string $password) use ($hasher, $events): void {
        $user->password = $hasher->make($password);
        $user->setRememberToken(Str::random(60));
        $user->save();
        $events->dispatch(new PasswordReset($user));
    });
};

$reset = function (string $password) use ($broker, $resetPassword): array {
    [$created, $token] = Bench\timed(fn() => create_reset($broker));
    [$ns, $answer] = Bench\timed(fn() => $resetPassword($token, $password));
    if ($answer !== PasswordBroker::PASSWORD_RESET) {
        throw new RuntimeException($answer);
    }
    return ['ns' => $ns, 'create_ns' => $created];
};

// The measured calls do what they are measured for: new password in, link dead.
$check = function (string $password) use ($broker, $resetPassword, $users, $file): array {
    $token = create_reset($broker);
    $resetPassword($token, $password);
    $user = $users->retrieveByCredentials(['email' => EMAIL]);
    if (!$users->validateCredentials($user, ['password' => $password])) {
        throw new RuntimeException('the new password does not log in');
    }
    if ($resetPassword($token, $password) !== PasswordBroker::INVALID_TOKEN) {
        throw new RuntimeException('the token was accepted twice');
    }
    return ['database' => $file];
};

// Read as text, since the class would bring the whole framework.
$application = file_get_contents('Illuminate/Foundation/Application.php', use_include_path: true);
preg_match("/const VERSION = '(.+)'/", $application, $version);
Bench\serve(
    [
        'Laravel' => $version[1],
        'PHP' => PHP_VERSION,
        'hash' => 'Argon2id of ' . (PASSWORD_ARGON2_PROVIDER === 'sodium' ? 'libsodium' : 'libargon2'),
        'database' => 'a file with WAL and synchronous=FULL',
    ],
    ['reset' => $reset, 'check' => $check],
);
