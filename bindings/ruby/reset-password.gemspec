# frozen_string_literal: true

# Made into a gem by ./package, which puts the native extension, the licences and the version in place.
Gem::Specification.new do |spec|
  spec.name = "reset-password"
  spec.version = ENV.fetch("RESET_PASSWORD_VERSION")
  spec.platform = Gem::Platform::CURRENT
  spec.summary = "Password resets in process, on a Rust core"
  spec.description = "Users, password reset tokens and Argon2id passwords in an embedded database, with the " \
                     "same engine and the same file as the Rust crate and the other languages' packages."
  spec.authors = ["reset-password contributors"]
  spec.licenses = ["MIT", "Apache-2.0"]
  # The native extension is made for one minor version of Ruby.
  spec.required_ruby_version = "~> #{RUBY_VERSION[/\A\d+\.\d+/]}.0"
  spec.files = Dir["lib/**/*.{rb,so,bundle}", "sig/*", "README.md", "LICENSE-*"]
  spec.require_paths = ["lib"]
  spec.metadata = { "rubygems_mfa_required" => "true" }
end
