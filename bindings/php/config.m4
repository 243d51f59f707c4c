dnl Builds the extension with cargo, for phpize and PIE.
PHP_ARG_ENABLE([reset_password],
  [whether to enable reset_password],
  [AS_HELP_STRING([--enable-reset_password], [Enable password resets])],
  [yes])

if test "$PHP_RESET_PASSWORD" != "no"; then
  AC_PATH_PROG([CARGO], [cargo], [no])
  if test "$CARGO" = "no"; then
    AC_MSG_ERROR([cargo is needed: install Rust from https://rustup.rs])
  fi
  PHP_SUBST([CARGO])
  PHP_MODULES="$PHP_MODULES ./modules/reset_password.so"
  PHP_ADD_MAKEFILE_FRAGMENT([Makefile.frag])
fi
