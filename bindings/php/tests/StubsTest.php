<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

/** The stubs and the loaded extension say the same: every class, member, type, default and attribute. */
final class StubsTest extends TestCase
{
    public function testTheStubsAreWhatTheExtensionDeclares(): void
    {
        $stubs = glob((getenv('STUBS') ?: __DIR__ . '/../stubs') . '/*.php');
        self::assertCount(2, $stubs);
        $extension = self::described([]);
        // Without any settings there is no extension.
        $declared = self::described(['-n', ...$stubs]);
        self::assertGreaterThan(35, count($extension));
        self::assertSame(array_keys($extension), array_keys($declared));
        foreach ($extension as $class => $description) {
            self::assertSame($description, $declared[$class], $class);
        }
    }

    public function testTheExtensionDeclaresNothingElse(): void
    {
        $extension = new \ReflectionExtension('reset_password');
        self::assertSame([[], [], []], [
            $extension->getFunctions(), $extension->getConstants(), $extension->getINIEntries(),
        ]);
        foreach ($extension->getClassNames() as $class) {
            self::assertStringStartsWith('ResetPassword\\', $class);
        }
        self::assertSame(getenv('PACKAGE_VERSION') ?: phpversion('reset_password'), $extension->getVersion());
    }

    public function testEveryMethodIsDocumented(): void
    {
        $text = file_get_contents((getenv('STUBS') ?: __DIR__ . '/../stubs') . '/reset_password.php');
        foreach ((new \ReflectionClass('ResetPassword\UserManagement'))->getMethods() as $method) {
            self::assertMatchesRegularExpression("/\*\/\n    public function {$method->getName()}\(/", $text);
        }
    }

    private static function described(array $arguments): array
    {
        $options = array_filter($arguments, static fn($argument) => $argument === '-n');
        $files = array_diff($arguments, $options);
        $command = [PHP_BINARY, ...$options, __DIR__ . '/describe.php', ...$files];
        $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
        $text = stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $text);
        return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
    }
}
