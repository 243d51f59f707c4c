<?php

declare(strict_types=1);

namespace ResetPassword\Tests;

/** Speaks to php-fpm as a web server does. */
final class FastCgi
{
    private const BEGIN = 1;
    private const END = 3;
    private const PARAMETERS = 4;
    private const INPUT = 5;
    private const OUTPUT = 6;

    public function __construct(private string $socket, private string $script, private array $parameters = []) {}

    /** Headers and body of the answer. */
    public function request(string $method, string $uri, array $form = []): array
    {
        $body = http_build_query($form);
        [$path, $query] = explode('?', $uri, 2) + [1 => ''];
        $parameters = $this->parameters + [
            'GATEWAY_INTERFACE' => 'CGI/1.1', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'HTTP_HOST' => 'app.example.com',
            'REQUEST_METHOD' => $method, 'REQUEST_URI' => $uri, 'SCRIPT_NAME' => $path, 'QUERY_STRING' => $query,
            'SCRIPT_FILENAME' => $this->script, 'CONTENT_LENGTH' => (string) strlen($body),
            'CONTENT_TYPE' => $method === 'POST' ? 'application/x-www-form-urlencoded' : '',
        ];
        $pairs = '';
        foreach ($parameters as $name => $value) {
            $pairs .= self::length($name) . self::length($value) . $name . $value;
        }
        $connection = stream_socket_client("unix://{$this->socket}");
        fwrite($connection, self::record(self::BEGIN, pack('nCx5', 1, 0)));
        fwrite($connection, self::record(self::PARAMETERS, $pairs) . self::record(self::PARAMETERS, ''));
        fwrite($connection, ($body === '' ? '' : self::record(self::INPUT, $body)) . self::record(self::INPUT, ''));
        $answer = '';
        while (strlen($header = (string) stream_get_contents($connection, 8)) === 8) {
            $record = unpack('Cversion/Ckind/nid/nlength/Cpadding', $header);
            $content = $record['length'] ? stream_get_contents($connection, $record['length']) : '';
            if ($record['padding']) {
                stream_get_contents($connection, $record['padding']);
            }
            if ($record['kind'] === self::OUTPUT) {
                $answer .= $content;
            }
            if ($record['kind'] === self::END) {
                break;
            }
        }
        fclose($connection);
        return explode("\r\n\r\n", $answer, 2) + [1 => ''];
    }

    private static function record(int $kind, string $content): string
    {
        return pack('CCnnxx', 1, $kind, 1, strlen($content)) . $content;
    }

    private static function length(string $text): string
    {
        return strlen($text) < 128 ? chr(strlen($text)) : pack('N', strlen($text) | 0x80000000);
    }
}
