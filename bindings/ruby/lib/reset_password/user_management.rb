# frozen_string_literal: true

# Generated from bindings/api by scripts/update; changes here are lost.

module ResetPassword
  private_constant :Native

  # An open database of users and their password resets.
  #
  # One object serves any number of threads. It may be opened before a fork and used in parent and child
  # (but for a database in memory). It belongs to the main Ractor.
  #
  # After {ResetPassword.configure} the class itself has the same operations, on the configured database.
  class UserManagement
    include Operations
    extend Operations

    class << self
      # Opens a database. With a block, closes it after the block.
      # @param (see #initialize)
      # @yieldparam user_management [UserManagement]
      # @return [UserManagement, Object] what is open, or what the block returned
      def open(database_url, key: nil, key_file: nil, previous_keys: nil, reset_url: nil, token_lifetime: nil,
               first_password_lifetime: nil, seal_tokens: nil, password_min_length: nil, service_names: nil,
               pepper: nil, pepper_file: nil, argon2_memory_kib: nil, argon2_iterations: nil,
               argon2_portable: nil, memory_budget_kib: nil, requests_per_minute: nil, users: nil,
               messages: nil, migrate: nil)
        user_management = new(database_url, key:, key_file:, previous_keys:, reset_url:, token_lifetime:,
                              first_password_lifetime:, seal_tokens:, password_min_length:, service_names:,
                              pepper:, pepper_file:, argon2_memory_kib:, argon2_iterations:, argon2_portable:,
                              memory_budget_kib:, requests_per_minute:, users:, messages:, migrate:)
        return user_management unless block_given?

        begin
          yield user_management
        ensure
          user_management.close
        end
      end

      private

      def native
        ResetPassword.user_management.__send__(:native)
      end
    end

    # Opens a database. What each option means: docs/reference/options.md.
    # @param database_url [String, Pathname] a bare path, `sqlite:path` or `sqlite://path` (relative),
    #   `sqlite:///absolute/path`, `sqlite::memory:` or `:memory:`; `postgres://…`; `mysql://…` or
    #   `mariadb://…`
    # @param key [String, nil] the secret key: 64 hexadecimal characters
    # @param key_file [String, Pathname, nil] the file that the secret key is in; `<database>.key` by
    #   default
    # @param previous_keys [Array<String>, nil] earlier keys, at most 3; links made with them go on working
    # @param reset_url [String, nil] the page that links lead to
    # @param token_lifetime [Integer, nil] how long a token works, in seconds: 300 to 86,400, 1,800 by
    #   default
    # @param first_password_lifetime [Integer, nil] how long a token works that `create_password_reset`
    #   makes for a user without a password, in seconds: 300 to 604,800, `token_lifetime` by default
    # @param seal_tokens [Boolean, nil] whether an encrypted copy of each token is kept while it lives. True
    #   by default
    # @param password_min_length [Integer, nil] least length of a password in code points: 8 to 64, 15 by
    #   default
    # @param service_names [Array<String>, nil] names of the service, which no password may be a version of
    # @param pepper [String, nil] what another system appended to passwords before it hashed them, for
    #   hashes imported as `peppered$…`
    # @param pepper_file [String, Pathname, nil] the file that the pepper is in
    # @param argon2_memory_kib [Integer, nil] memory of one hash, in KiB; 65,536 by default
    # @param argon2_iterations [Integer, nil] passes of one hash over its memory; 3 by default
    # @param argon2_portable [Boolean, nil] whether hashes are computed by the portable code alone, in about
    #   twice the time. False by default
    # @param memory_budget_kib [Integer, nil] memory of all hashes at work in this process, in KiB; 262,144
    #   by default
    # @param requests_per_minute [Integer, nil] requests of public forms that this process answers a minute:
    #   1 to 1,000,000, 6,000 by default
    # @param users [String, Pathname, nil] the users' table that is there already: a preset's name, such as
    #   `django`, a file of a mapping, or the mapping in TOML
    # @param messages [Boolean, nil] whether links that are asked for, and notices of changes, wait for a
    #   mailer, which takes them by `messages`. False by default
    # @param migrate [Boolean, nil] whether the tables are made or brought up to date. True by default
    # @raise [ConfigInvalidError] with a sentence that says how to mend it
    def initialize(database_url, key: nil, key_file: nil, previous_keys: nil, reset_url: nil,
                   token_lifetime: nil, first_password_lifetime: nil, seal_tokens: nil,
                   password_min_length: nil, service_names: nil, pepper: nil, pepper_file: nil,
                   argon2_memory_kib: nil, argon2_iterations: nil, argon2_portable: nil,
                   memory_budget_kib: nil, requests_per_minute: nil, users: nil, messages: nil, migrate: nil)
      @native = Native.open(database_url, key, key_file, previous_keys, reset_url, token_lifetime,
                            first_password_lifetime, seal_tokens, password_min_length, service_names, pepper,
                            pepper_file, argon2_memory_kib, argon2_iterations, argon2_portable,
                            memory_budget_kib, requests_per_minute, users, messages, migrate)
    end

    # @return [String] the class alone
    def inspect
      "#<#{self.class}>"
    end

    private

    attr_reader :native

    # What is given to another Ractor is cloned first. `dup` is another name for the same open database.
    def initialize_clone(_other, **)
      raise TypeError, "a #{self.class} cannot be cloned, nor given to another Ractor"
    end
  end
end
