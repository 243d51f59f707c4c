<?php

// Values on their way in and out.

declare(strict_types=1);

function camel_case(string $name): string
{
    return lcfirst(str_replace('_', '', ucwords($name, '_')));
}

function snake_case(string $name): string
{
    return strtolower(preg_replace('/[A-Z]/', '_$0', $name));
}

/** What a request means by a value: the host's own, or one of the special forms. */
function special(mixed $value): mixed
{
    if (!is_array($value)) {
        return $value;
    }
    $form = count($value) === 1 ? array_key_first($value) : null;
    return match ($form) {
        '$utf16' => implode('', array_map(code_point(...), joined(array_values($value['$utf16'])))),
        '$bytes' => hex2bin($value['$bytes']),
        '$undefined' => null,
        '$symbol' => new class {},
        '$float' => ['nan' => NAN, 'inf' => INF, '-inf' => -INF][$value['$float']] ?? (float) $value['$float'],
        '$big' => (float) $value['$big'],
        '$repeat' => str_repeat($value['$repeat'][0], $value['$repeat'][1]),
        default => array_map(special(...), $value),
    };
}

/** UTF-16 as code points: pairs joined, lone surrogates as they are. */
function joined(array $units): array
{
    $points = [];
    foreach ($units as $unit) {
        $last = end($points);
        if ($unit >> 10 === 0x37 && $last !== false && $last >> 10 === 0x36) {
            array_pop($points);
            $unit = 0x10000 + (($last & 0x3FF) << 10) + ($unit & 0x3FF);
        }
        $points[] = $unit;
    }
    return $points;
}

/** UTF-8 that lets surrogates pass. */
function code_point(int $point): string
{
    return match (true) {
        $point < 0x80 => chr($point),
        $point < 0x800 => chr(0xC0 | $point >> 6) . chr(0x80 | $point & 0x3F),
        $point < 0x10000 => chr(0xE0 | $point >> 12) . chr(0x80 | $point >> 6 & 0x3F) . chr(0x80 | $point & 0x3F),
        default => chr(0xF0 | $point >> 18) . chr(0x80 | $point >> 12 & 0x3F)
            . chr(0x80 | $point >> 6 & 0x3F) . chr(0x80 | $point & 0x3F),
    };
}

/** A result in canonical form, read by the names of the properties. */
function plain(mixed $value): mixed
{
    if ($value instanceof DateTimeImmutable) {
        return $value->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.v\Z');
    }
    if (is_array($value)) {
        return array_map(plain(...), $value);
    }
    if (!is_object($value)) {
        return $value;
    }
    $fields = [];
    foreach ((new ReflectionClass($value))->getProperties() as $property) {
        $name = $property->getName();
        $field = plain($value->$name);
        // Maps stay maps when they are empty.
        $map = $name === 'metadata' || $name === 'data' && $value instanceof ResetPassword\Event;
        $fields[snake_case($name)] = $map ? (object) with_maps($field) : $field;
    }
    return $fields;
}

/** The metadata within an event's data is a map too. */
function with_maps(array $data): array
{
    if (isset($data['metadata']) && is_array($data['metadata'])) {
        $data['metadata'] = (object) $data['metadata'];
    }
    return $data;
}
