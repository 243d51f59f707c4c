<?php

namespace App\Providers;

use Illuminate\Foundation\Support\Providers\RouteServiceProvider as ServiceProvider;
use Illuminate\Http\Request;
use Illuminate\Session\Middleware\AuthenticateSession;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Route;

/** A login that answers a program, a page for whoever is logged in, and the pages of the guide. */
class RouteServiceProvider extends ServiceProvider
{
    public function boot(): void
    {
        // As the guide has it for sessions that are in no table.
        if (config('session.driver') !== 'database') {
            Route::pushMiddlewareToGroup('web', AuthenticateSession::class);
        }
        $this->routes(fn () => Route::middleware('web')->group(function (): void {
            Route::post('/login', function (Request $request) {
                $known = Auth::attempt($request->only('email', 'password'), $request->boolean('remember'));

                return response('', $known ? 200 : 401);
            })->name('login');
            Route::get('/me', fn (Request $request) => $request->user()->email)->middleware('auth');
            require base_path('routes/web.php');
        }));
    }
}
