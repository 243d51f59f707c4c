# RESET_PASSWORD_SOURCE is the folder of Cargo.toml where it is not this one.
./modules/reset_password.so:
	@mkdir -p modules
	target="$${CARGO_TARGET_DIR:-$(abs_builddir)/target}" && \
	$(CARGO) build --release --locked --target-dir "$$target" \
	  --manifest-path "$${RESET_PASSWORD_SOURCE:-$(abs_srcdir)}/Cargo.toml" && \
	cp "$$target/release/libreset_password.so" $@

.PHONY: ./modules/reset_password.so
