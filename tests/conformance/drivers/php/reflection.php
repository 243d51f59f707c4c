<?php

// What the loaded extension says of itself.

declare(strict_types=1);

use ResetPassword\ResetPasswordException;
use ResetPassword\UserManagement;

function signatures(): array
{
    $signatures = [];
    foreach (['__construct', ...array_map(camel_case(...), METHODS)] as $name) {
        $method = new ReflectionMethod(UserManagement::class, $name);
        $signatures[$name === '__construct' ? 'open' : snake_case($name)] = [
            'parameters' => array_map(static fn(ReflectionParameter $parameter) => [
                'name' => $parameter->getName(),
                'required' => !$parameter->isOptional(),
                'type' => short((string) $parameter->getType()),
            ], $method->getParameters()),
            'returns' => $name === '__construct' ? 'UserManagement' : short((string) $method->getReturnType()),
        ];
    }
    return $signatures;
}

/** A type without the namespace. */
function short(string $type): string
{
    return str_replace('ResetPassword\\', '', $type);
}

function codes(): array
{
    $codes = [];
    foreach (get_declared_classes() as $class) {
        if (is_subclass_of($class, ResetPasswordException::class)) {
            $codes[(new $class())->getErrorCode()] = (new ReflectionClass($class))->getShortName();
        }
    }
    ksort($codes);
    return $codes;
}
