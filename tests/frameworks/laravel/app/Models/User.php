<?php

namespace App\Models;

/** The user of a new application. */
class User extends \Illuminate\Foundation\Auth\User
{
    protected $fillable = ['name', 'email', 'password'];

    protected $casts = ['email_verified_at' => 'datetime'];
}
