# frozen_string_literal: true

# Devise's whole reset, `reset_password_by_token`, on ActiveRecord. It hashes with bcrypt at Devise's
# own default cost: it knows no Argon2.
# Arguments: memory in KiB and iterations, both of no use to it, and a folder for the database.
#
# Left out, to Devise's advantage: the request and the mail.

require "logger"
require "active_record"
require "devise"
require "devise/version"
require "sqlite3"

require_relative "protocol"

DATABASE = File.join(ARGV.fetch(2), "devise.db")

ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: DATABASE)
# Rails' own default of its time is a rollback journal, which takes longer; this makes them equal.
ActiveRecord::Base.connection.execute("PRAGMA journal_mode=WAL")
ActiveRecord::Base.connection.execute("PRAGMA synchronous=FULL")

# What `rails generate devise User` writes, for the modules used.
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :users do |table|
    table.string :email, null: false, default: ""
    table.string :encrypted_password, null: false, default: ""
    table.string :reset_password_token
    table.datetime :reset_password_sent_at
    table.timestamps null: false
    table.index :email, unique: true
    table.index :reset_password_token, unique: true
  end
end

# What the engine does when Rails starts it.
Devise.secret_key = "only-for-this-measurement-0123456789-0123456789"
keys = ActiveSupport::KeyGenerator.new(Devise.secret_key)
Devise.token_generator = Devise::TokenGenerator.new(ActiveSupport::CachingKeyGenerator.new(keys))
require "devise/orm/active_record"

class User < ActiveRecord::Base
  devise :database_authenticatable, :recoverable, :validatable
end

EMAIL = "bench-1@example.com"
User.create!(email: EMAIL, password: "the password before any reset")

# What `send_reset_password_instructions` does before it sends.
def create_reset
  user = User.find_or_initialize_with_errors(Devise.reset_password_keys, { email: EMAIL }, :not_found)
  user.send(:set_reset_password_token)
end

def reset_password(token, password)
  User.reset_password_by_token(
    reset_password_token: token, password: password, password_confirmation: password
  )
end

def reset(password:)
  create_ns, token = Protocol.timed { create_reset }
  ns, user = Protocol.timed { reset_password(token, password) }
  raise user.errors.full_messages.join(", ") if user.errors.any?

  { ns: ns, create_ns: create_ns }
end

# The measured calls do what they are measured for: new password in, link dead.
def check(password:)
  token = create_reset
  reset_password(token, password)
  raise "the new password does not log in" unless User.find_by(email: EMAIL).valid_password?(password)
  raise "the token was accepted twice" if reset_password(token, "another #{password}").errors.empty?

  { database: DATABASE, hash: format("$2a$%02d$", Devise.stretches) }
end

Protocol.serve(
  {
    "Devise" => Devise::VERSION,
    "ActiveRecord" => ActiveRecord::VERSION::STRING,
    "Ruby" => RUBY_VERSION,
    "hash" => "bcrypt at cost #{Devise.stretches}, its default",
    "database" => "a file with WAL and synchronous=FULL",
  },
  { reset: method(:reset), check: method(:check) },
)
