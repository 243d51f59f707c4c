<?php

declare(strict_types=1);

use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel;
use Illuminate\Foundation\Application;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;
use Symfony\Component\HttpFoundation\Response;

/** An application begun anew, as it is for each request. The facades speak to the last one. */
function application(): Application
{
    $application = new Application(FOLDER);
    $application->singleton(Kernel::class, App\Http\Kernel::class);
    $application->singleton(ExceptionHandler::class, Illuminate\Foundation\Exceptions\Handler::class);
    $application->make(Kernel::class)->bootstrap();

    return $application;
}

/** A browser, with its cookies. */
class Browser
{
    /** What the application has mailed. */
    public static array $mails = [];

    private array $cookies = [];

    public function get(string $address, array $query = []): Response
    {
        return $this->send(Request::create($address, 'GET', $query, $this->cookies));
    }

    /** Shows the sign of having been on a page, as scripts do, once it has been on one. */
    public function post(string $address, array $fields): Response
    {
        isset($this->cookies['XSRF-TOKEN']) || $this->get('/me');
        $sign = ['HTTP_X_XSRF_TOKEN' => $this->cookies['XSRF-TOKEN']];

        return $this->send(Request::create($address, 'POST', $fields, $this->cookies, [], $sign));
    }

    public function logIn(string $email, string $password, bool $remember = false): bool
    {
        return $this->post('/login', compact('email', 'password', 'remember'))->getStatusCode() === 200;
    }

    public function isAlive(): bool
    {
        return $this->get('/me')->getStatusCode() === 200;
    }

    /** Is closed and opened again: what is remembered is left, and no session. */
    public function reopen(): void
    {
        unset($this->cookies['laravel_session']);
    }

    private function send(Request $request): Response
    {
        $application = application();
        $kernel = $application->make(Kernel::class);
        $response = $kernel->handle($request);
        foreach ($response->headers->getCookies() as $cookie) {
            $this->cookies[$cookie->getName()] = $cookie->getValue();
        }
        $kernel->terminate($request, $response);
        array_push(self::$mails, ...$application['mailer']->getSwiftMailer()->getTransport()->messages());
        DB::disconnect();

        return $response;
    }
}
