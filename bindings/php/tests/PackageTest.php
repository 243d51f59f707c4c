<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

/** What verify unpacked, used as an application uses it. */
final class PackageTest extends TestCase
{
    public function testTheLoadedExtensionIsThePackages(): void
    {
        $package = realpath(getenv('PACKAGE'));
        self::assertStringContainsString("$package/reset_password.so", file_get_contents('/proc/self/maps'));
        foreach (['README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'library/LICENSE-MIT', 'library/README.md'] as $file) {
            self::assertGreaterThan(500, filesize("$package/$file"), $file);
        }
        self::assertStringNotContainsString('test asked for', file_get_contents("$package/reset_password.so"));
    }

    public function testAnApplicationRequiresThePackageByPathAndRunsTheReadmesSnippet(): void
    {
        $this->application(getenv('PACKAGE'));
        [$code, $text] = $this->execute(['composer', 'check-platform-reqs', '--no-interaction', '--no-ansi']);
        self::assertSame(0, $code, $text);
        self::assertMatchesRegularExpression('/^ext-reset_password +' . preg_quote(getenv('PACKAGE_VERSION')) . ' +success/m', $text);

        preg_match('/^## Use$.*?^```php\n(.*?)^```$/ms', file_get_contents(getenv('README')), $snippet);
        self::assertStringContainsString('resetPassword', $snippet[1]);
        file_put_contents("{$this->folder}/app.php", $snippet[1]);
        [$code, $text] = $this->execute([PHP_BINARY, '-d', 'auto_prepend_file=vendor/autoload.php', 'app.php']);
        self::assertSame([0, "use at least 15 characters\nada@example.com verified\n"], [$code, $text]);
    }

    public function testComposerRefusesWithoutTheExtension(): void
    {
        [$code, $text] = $this->application(getenv('PACKAGE'), ['PHP_INI_SCAN_DIR' => '']);
        self::assertNotSame(0, $code);
        self::assertStringContainsString('ext-reset_password', $text);
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    private function application(string $package, array $environment = []): array
    {
        file_put_contents("{$this->folder}/composer.json", json_encode([
            'name' => 'example/application',
            'repositories' => [['type' => 'path', 'url' => "$package/library"], ['packagist.org' => false]],
            'require' => ['reset-password/reset-password' => '^0.1'],
        ]));
        $ran = $this->execute(['composer', 'install', '--no-interaction', '--no-ansi'], $environment);
        if ($environment === []) {
            self::assertSame(0, $ran[0], $ran[1]);
            self::assertFileExists("{$this->folder}/vendor/reset-password/reset-password/stubs/reset_password.php");
        }
        return $ran;
    }

    /**
     * Exit code and output of a command that runs in the application's folder.
     *
     * @param list<string> $command
     */
    private function execute(array $command, array $environment = []): array
    {
        $process = proc_open(
            $command,
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            $this->folder,
            $environment + getenv(),
        );
        $text = stream_get_contents($pipes[1]);
        return [proc_close($process), $text];
    }
}
