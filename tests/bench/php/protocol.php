<?php

declare(strict_types=1);

// What every PHP contender shares: one JSON request a line in, one JSON answer a line out.

namespace Bench;

/** Runs `$work` once and answers its own duration in ns with its result. */
function timed(callable $work): array
{
    $start = hrtime(true);
    $result = $work();
    return [hrtime(true) - $start, $result];
}

/** Greets with the versions measured, then answers requests until standard input ends. */
function serve(array $versions, array $operations): void
{
    answer(['versions' => $versions]);
    while (($line = fgets(STDIN)) !== false) {
        $request = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
        $operation = $operations[$request['op']];
        unset($request['op']);
        try {
            answer($operation(...$request));
        } catch (\Throwable $error) { // the orchestrator reports it and stops the run
            answer(['error' => $error::class . ': ' . $error->getMessage()]);
        }
    }
}

function answer(array $record): void
{
    fwrite(STDOUT, json_encode($record, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES) . "\n");
}
