# frozen_string_literal: true

# The package for Ruby. Arguments: memory in KiB, iterations, folder for the database.

require "reset_password"

require_relative "protocol"

EMAIL = "bench-1@example.com"
DATABASE = File.join(ARGV.fetch(2), "ruby.db")
USERS = ResetPassword::UserManagement.new(
  DATABASE, argon2_memory_kib: Integer(ARGV[0]), argon2_iterations: Integer(ARGV[1])
)

def create_reset
  USERS.create_password_reset(email: EMAIL).password_reset_token
end

def reset(password:)
  create_ns, token = Protocol.timed { create_reset }
  ns, = Protocol.timed { USERS.reset_password(token: token, new_password: password) }
  { ns: ns, create_ns: create_ns }
end

def refuse_each(tokens)
  tokens.each do |token|
    USERS.reset_password(token: token, new_password: "never looked at, not one bit")
  rescue ResetPassword::PasswordResetTokenNotFoundError
    next
  else
    raise "a token that nobody was given was accepted"
  end
end

# Well-formed tokens that nobody was given.
def refuse(count:)
  tokens = Array.new(count) { |n| format("%042dA", n) }
  ns, = Protocol.timed { refuse_each(tokens) }
  { ns: ns }
end

# The measured calls do what they are measured for: new password in, link dead.
def check(password:)
  token = create_reset
  USERS.reset_password(token: token, new_password: password)
  USERS.authenticate_with_password(email: EMAIL, password: password)
  refuse_each([token])
  { database: DATABASE }
end

USERS.create_user(email: EMAIL)
Protocol.serve(
  {
    "reset-password" => Gem.loaded_specs.fetch("reset-password").version.to_s,
    "Ruby" => RUBY_VERSION,
    "database" => "a file with WAL and synchronous=FULL",
  },
  { reset: method(:reset), refuse: method(:refuse), check: method(:check) },
)
