<?php

/** The settings of an application, of which $hash is bcrypt or argon2id; sessions of the second are in files. */

declare(strict_types=1);

function settings(string $folder, array $database, string $hash): array
{
    $stock = $hash === 'bcrypt';

    return [
        'app' => [
            'key' => str_repeat('k', 32),
            'cipher' => 'AES-256-CBC',
            'url' => 'https://example.com',
            'locale' => 'en',
            'fallback_locale' => 'en',
            'providers' => [
                Illuminate\Auth\AuthServiceProvider::class,
                Illuminate\Auth\Passwords\PasswordResetServiceProvider::class,
                Illuminate\Cookie\CookieServiceProvider::class,
                Illuminate\Database\DatabaseServiceProvider::class,
                Illuminate\Database\MigrationServiceProvider::class,
                Illuminate\Encryption\EncryptionServiceProvider::class,
                Illuminate\Filesystem\FilesystemServiceProvider::class,
                Illuminate\Foundation\Providers\FoundationServiceProvider::class,
                Illuminate\Hashing\HashServiceProvider::class,
                Illuminate\Mail\MailServiceProvider::class,
                Illuminate\Session\SessionServiceProvider::class,
                Illuminate\Translation\TranslationServiceProvider::class,
                Illuminate\Validation\ValidationServiceProvider::class,
                Illuminate\View\ViewServiceProvider::class,
                App\Providers\ResetServiceProvider::class,
                App\Providers\RouteServiceProvider::class,
            ],
        ],
        'auth' => [
            'defaults' => ['guard' => 'web', 'passwords' => 'users'],
            'guards' => ['web' => ['driver' => 'session', 'provider' => 'users']],
            'providers' => ['users' => ['driver' => 'eloquent', 'model' => App\Models\User::class]],
            // The table's name until Laravel 9, and from 10 on.
            'passwords' => ['users' => [
                'provider' => 'users',
                'table' => $stock ? 'password_resets' : 'password_reset_tokens',
                'expire' => 60,
            ]],
        ],
        'database' => [
            'default' => 'users',
            'connections' => ['users' => $database],
            'migrations' => 'migrations',
        ],
        'hashing' => [
            'driver' => $hash,
            'bcrypt' => ['rounds' => 12, 'verify' => true],
            'argon' => ['memory' => 65536, 'threads' => 1, 'time' => 3, 'verify' => true],
        ],
        'logging' => ['default' => 'errors', 'channels' => ['errors' => ['driver' => 'errorlog']]],
        'mail' => [
            'default' => 'array',
            'mailers' => ['array' => ['transport' => 'array']],
            'from' => ['address' => 'app@example.com', 'name' => 'App'],
        ],
        'reset_password' => require "$folder/config/reset_password.php",
        'session' => [
            'driver' => $stock ? 'database' : 'file',
            'table' => 'sessions',
            'files' => "$folder/storage/framework/sessions",
            'connection' => null,
            'lifetime' => 120,
            'expire_on_close' => false,
            'encrypt' => false,
            'lottery' => [0, 100],
            'cookie' => 'laravel_session',
            'path' => '/',
            'domain' => null,
            'secure' => false,
        ],
        'view' => ['paths' => ["$folder/resources/views"], 'compiled' => "$folder/storage/framework/views"],
    ];
}
