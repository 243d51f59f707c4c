# frozen_string_literal: true

# Generated from bindings/api by scripts/update; changes here are lost.
module ResetPassword
  # The names of the options, in order.
  OPTIONS = %i[
    key key_file previous_keys reset_url token_lifetime first_password_lifetime seal_tokens
    password_min_length service_names pepper pepper_file argon2_memory_kib argon2_iterations argon2_portable
    memory_budget_kib requests_per_minute users messages migrate
  ].freeze
  private_constant :OPTIONS
end
