# RESET_PASSWORD_SOURCE is the folder of Cargo.toml where it is not this one. cargo runs there, because it
# reads its settings from the folder that it runs in.
./modules/reset_password.so:
	@mkdir -p modules
	target="$${CARGO_TARGET_DIR:-$(abs_builddir)/target}" && \
	( cd "$${RESET_PASSWORD_SOURCE:-$(abs_srcdir)}" && \
	  $(CARGO) build --release --locked --package reset-password-php --target-dir "$$target" ) && \
	cp "$$target/release/libreset_password_php.so" $@

.PHONY: ./modules/reset_password.so
