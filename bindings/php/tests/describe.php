<?php

// Prints what reflection says of every class of the namespace, as JSON: of the loaded extension, or of the
// files given.

declare(strict_types=1);

foreach (array_slice($argv, 1) as $file) {
    require $file;
}

$parameter = static fn(ReflectionParameter $parameter): array => [
    'name' => $parameter->getName(),
    'type' => (string) $parameter->getType(),
    'optional' => $parameter->isOptional(),
    'default' => $parameter->isDefaultValueAvailable() ? var_export($parameter->getDefaultValue(), true) : null,
    'attributes' => array_map(static fn($attribute) => $attribute->getName(), $parameter->getAttributes()),
];
$method = static fn(ReflectionMethod $method): array => [
    'modifiers' => Reflection::getModifierNames($method->getModifiers()),
    'parameters' => array_map($parameter, $method->getParameters()),
    'returns' => (string) $method->getReturnType(),
];
$property = static fn(ReflectionProperty $property): array => [
    'modifiers' => Reflection::getModifierNames($property->getModifiers()),
    'type' => (string) $property->getType(),
    'default' => $property->hasDefaultValue() ? var_export($property->getDefaultValue(), true) : null,
];
$described = [];
foreach ([...get_declared_classes(), ...get_declared_interfaces(), ...get_declared_traits()] as $name) {
    if (!str_starts_with($name, 'ResetPassword\\')) {
        continue;
    }
    $class = new ReflectionClass($name);
    $interfaces = $class->getInterfaceNames();
    sort($interfaces);
    $own = static fn(array $members): array => array_filter(
        $members,
        static fn($member) => $member->getDeclaringClass()->getName() === $name,
    );
    $methods = $properties = [];
    foreach ($own($class->getMethods()) as $each) {
        $methods[$each->getName()] = $method($each);
    }
    foreach ($own($class->getProperties()) as $each) {
        $properties[$each->getName()] = $property($each);
    }
    // The order of properties shows; that of methods does not.
    ksort($methods);
    $described[$name] = [
        'interface' => $class->isInterface(),
        'abstract' => !$class->isInterface() && $class->isAbstract(),
        'final' => $class->isFinal(),
        'readonly' => $class->isReadOnly(),
        'parent' => $class->getParentClass() ? $class->getParentClass()->getName() : null,
        'interfaces' => $interfaces,
        'constants' => $class->getConstants(),
        'properties' => $properties,
        'methods' => $methods,
    ];
}
ksort($described);
echo json_encode($described, JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT);
