# frozen_string_literal: true

module ResetPassword
  # The operations, as methods of a {UserManagement} and, after {ResetPassword.configure}, of its class.
  #
  # An optional argument that is nil is as if it were left out. A wrong type is a TypeError before anything
  # is done; all other failures are subclasses of {Error}. While a password is hashed or the database is
  # waited for, other threads run. A call that was begun goes on to its end: `Timeout`, `Thread#kill` and
  # signals are served after it. Each operation is described in docs/reference/reset-password.md.
  module Operations
    # Ends this process's connections, after the calls that are under way. A later call opens new ones.
    # @return [nil]
    def close
      native.close
    end

    # Creates a user, at sign-up or from another system.
    # @param email [String] at most 254 octets, 64 before the `@`
    # @param password [String, nil] held to the policy
    # @param password_hash [String, nil] the hash of a password, from another system; not both
    # @param email_verified [Boolean, nil] whether the address is known to be the user's
    # @param first_name [String, nil] at most 256 characters
    # @param last_name [String, nil] at most 256 characters
    # @param name [String, nil] at most 256 characters
    # @param external_id [String, nil] the id that another system knows the user by
    # @param metadata [Hash{String => String}, nil] at most 50 keys
    # @param locale [String, nil] language tag
    # @return [User]
    # @raise [EmailNotAvailableError] another user has the address
    # @raise [PasswordRejectedError] the policy refuses the password; see its `errors`
    def create_user(email:, password: nil, password_hash: nil, email_verified: nil, first_name: nil,
                    last_name: nil, name: nil, external_id: nil, metadata: nil, locale: nil)
      native.call(Native::CREATE_USER, email, password, password_hash, email_verified, first_name, last_name, name,
                  external_id, metadata, locale)
    end

    # @param id [String] `user_…`
    # @return [User]
    # @raise [UserNotFoundError]
    def get_user(id)
      native.call(Native::GET_USER, id)
    end

    # @param email [String] compared in its look-up form
    # @return [User]
    # @raise [UserNotFoundError]
    def get_user_by_email(email)
      native.call(Native::GET_USER_BY_EMAIL, email)
    end

    # @param external_id [String] the id that another system knows the user by
    # @return [User]
    # @raise [UserNotFoundError]
    def get_user_by_external_id(external_id)
      native.call(Native::GET_USER_BY_EXTERNAL_ID, external_id)
    end

    # A page of users.
    # @param email [String, nil] only the user with this address
    # @param limit [Integer, nil] users on a page: 1 to 100, 10 by default
    # @param before [String, nil] the page that ends before this user
    # @param after [String, nil] the page that begins after this user
    # @param order [String, nil] `"asc"` oldest first, `"desc"` newest first, which is the default
    # @return [UserList]
    def list_users(email: nil, limit: nil, before: nil, after: nil, order: nil)
      native.call(Native::LIST_USERS, email, limit, before, after, order)
    end

    # Changes a user. What is left out stays as it is; an empty text or hash clears.
    # @param id [String] `user_…`
    # @param email [String, nil] counts as unverified unless `email_verified` is given true with it
    # @param password [String, nil] held to the policy
    # @param password_hash [String, nil] or the hash of one; not both
    # @param email_verified [Boolean, nil] false is allowed only while it is not, or with a new address
    # @param first_name [String, nil]
    # @param last_name [String, nil]
    # @param name [String, nil]
    # @param external_id [String, nil]
    # @param metadata [Hash{String => String}, nil] all of it
    # @param locale [String, nil]
    # @return [User]
    # @raise [UserNotFoundError]
    def update_user(id, email: nil, password: nil, password_hash: nil, email_verified: nil,
                    first_name: nil, last_name: nil, name: nil, external_id: nil, metadata: nil,
                    locale: nil)
      native.call(Native::UPDATE_USER, id, email, password, password_hash, email_verified, first_name, last_name, name,
                  external_id, metadata, locale)
    end

    # Deletes a user with all of their resets.
    # @param id [String] `user_…`
    # @return [nil]
    # @raise [UserNotFoundError]
    def delete_user(id)
      native.call(Native::DELETE_USER, id)
    end

    # Checks an address and a password.
    # @param email [String] compared in its look-up form
    # @param password [String] at most 4,096 bytes
    # @return [User]
    # @raise [InvalidCredentialsError] one of them is wrong; which is not told
    # @raise [RateLimitedError] too many failures in a row, so nothing was checked; see `retry_after`
    # @raise [OverloadedError] too many calls are under way; see `retry_after`
    def authenticate_with_password(email:, password:)
      native.call(Native::AUTHENTICATE_WITH_PASSWORD, email, password)
    end

    # Creates a reset for a user, for a server that is trusted. It replaces the user's earlier one.
    # @param email [String] the address of the user, compared in its look-up form
    # @return [PasswordReset]
    # @raise [UserNotFoundError]
    def create_password_reset(email:)
      native.call(Native::CREATE_PASSWORD_RESET, email)
    end

    # Creates a reset for whoever has that address, for a public form. Answer the visitor the same whether
    # there is one or not, and send the link to the reset's own `email`.
    # @param email [String] what was typed into the form
    # @return [PasswordReset, nil] nil for an unknown address, or when it was asked for too recently
    def request_password_reset(email:)
      native.call(Native::REQUEST_PASSWORD_RESET, email)
    end

    # A live reset with its link.
    # @param id [String] `password_reset_…`
    # @return [PasswordReset]
    # @raise [PasswordResetNotFoundError]
    def get_password_reset(id)
      native.call(Native::GET_PASSWORD_RESET, id)
    end

    # Sets a new password by a token. The address counts as verified after it.
    # @param token [String] the `token` query parameter from the password reset URL
    # @param new_password [String] the new password to set for the user
    # @return [User]
    # @raise [PasswordResetTokenNotFoundError] unknown, used, replaced or revoked
    # @raise [PasswordResetTokenExpiredError] too old
    # @raise [PasswordRejectedError] the policy refuses the password; the token stays usable
    # @raise [OverloadedError] too many calls are under way; the token stays usable
    def reset_password(token:, new_password:)
      native.call(Native::RESET_PASSWORD, token, new_password)
    end

    # Ends live resets.
    # @param user_id [String, nil] the user, or nil for all users
    # @return [Integer] how many resets were ended
    def revoke_password_resets(user_id: nil)
      native.call(Native::REVOKE_PASSWORD_RESETS, user_id)
    end

    # The policy's verdict on a password. Nothing is set.
    # @param password [String] the password to judge
    # @param user_id [String, nil] whose it would be: it is then also held against their address and names
    # @return [PasswordCheck]
    def check_password(password:, user_id: nil)
      native.call(Native::CHECK_PASSWORD, password, user_id)
    end

    # What happened, oldest first.
    # @param after [String, nil] the id of the event to begin after
    # @param limit [Integer, nil] events on a page: 1 to 100, 10 by default
    # @return [EventList]
    def events(after: nil, limit: nil)
      native.call(Native::EVENTS, after, limit)
    end

    # Removes what is dead and old.
    # @param limit [Integer, nil] most rows of each kind that go: 1 to 10,000
    # @return [Purged]
    def purge(limit: nil)
      native.call(Native::PURGE, limit)
    end
  end
end
