# frozen_string_literal: true

# Generated from bindings/api by scripts/update; changes here are lost.

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

    # Makes a user. A password is held to the policy. A hash from another system is taken as it is, and
    # replaced by a current one when the user signs in.
    # @param email [String] the address: at most 254 octets, 64 before the `@`
    # @param password [String, nil] a password, held to the policy
    # @param password_hash [String, nil] or the hash of one, from another system; not both
    # @param email_verified [Boolean, nil] whether the address is known to be the user's. False by default
    # @param first_name [String, nil] given name: at most 256 characters
    # @param last_name [String, nil] family name: at most 256 characters
    # @param name [String, nil] full name: at most 256 characters
    # @param external_id [String, nil] the id that another system knows the user by: at most 128 visible
    #   ASCII characters, unique
    # @param metadata [Hash{String => String}, nil] at most 50 keys of at most 40 characters, values of at
    #   most 600
    # @param locale [String, nil] language tag of at most 35 characters
    # @param created_at [String, nil] when the user came to be, where another system knows: RFC 3339, 1970
    #   to now. Now by default
    # @return [User]
    # @raise [EmailNotAvailableError] the e-mail address belongs to another user
    # @raise [ExternalIdAlreadyUsedError] the external id belongs to another user
    # @raise [InputInvalidError] the input is not valid
    # @raise [InvalidPasswordHashError] the password hash is damaged, too costly or of a kind that is not supported
    # @raise [PasswordAndPasswordHashProvidedError] give a password or a password hash, not both
    # @raise [PasswordRejectedError] the password does not meet the policy
    def create_user(email:, password: nil, password_hash: nil, email_verified: nil, first_name: nil,
                    last_name: nil, name: nil, external_id: nil, metadata: nil, locale: nil, created_at: nil)
      native.call(Native::CREATE_USER, email, password, password_hash, email_verified, first_name, last_name,
                  name, external_id, metadata, locale, created_at)
    end

    # Reads the user with an id.
    # @param id [String] the id: `user_…`
    # @return [User]
    # @raise [UserNotFoundError] there is no such user
    def get_user(id)
      native.call(Native::GET_USER, id)
    end

    # Reads the user with an address.
    # @param email [String] the address, compared in its look-up form
    # @return [User]
    # @raise [InputInvalidError] the input is not valid
    # @raise [UserNotFoundError] there is no such user
    def get_user_by_email(email)
      native.call(Native::GET_USER_BY_EMAIL, email)
    end

    # Reads the user whom another system knows by an id.
    # @param external_id [String] the id that another system knows the user by
    # @return [User]
    # @raise [UserNotFoundError] there is no such user
    def get_user_by_external_id(external_id)
      native.call(Native::GET_USER_BY_EXTERNAL_ID, external_id)
    end

    # Reads a page of users. The newest come first, unless `order` says otherwise.
    # @param email [String, nil] only the user with this address
    # @param limit [Integer, nil] users on a page: 1 to 100, 10 by default
    # @param before [String, nil] the page that ends before this user
    # @param after [String, nil] the page that begins after this user
    # @param order [String, nil] by creation: `asc` oldest first, `desc` newest first, which is the default
    # @return [UserList]
    # @raise [InputInvalidError] the input is not valid
    def list_users(email: nil, limit: nil, before: nil, after: nil, order: nil)
      native.call(Native::LIST_USERS, email, limit, before, after, order)
    end

    # Changes a user; what is left out stays as it is. An empty text clears a name, the locale or the external
    # id. Metadata that is given replaces all of it. A new address or password ends the user's live reset.
    # @param id [String] the id: `user_…`
    # @param email [String, nil] a new address. It counts as unverified unless `email_verified` is given
    #   true with it
    # @param password [String, nil] a new password, held to the policy
    # @param password_hash [String, nil] or the hash of one; not both
    # @param email_verified [Boolean, nil] true marks the address verified; false is allowed only while it
    #   is not, or with a new address
    # @param first_name [String, nil] given name; an empty text clears it
    # @param last_name [String, nil] family name; an empty text clears it
    # @param name [String, nil] full name; an empty text clears it
    # @param external_id [String, nil] the id that another system knows the user by; an empty text clears it
    # @param metadata [Hash{String => String}, nil] all of the metadata; empty clears it
    # @param locale [String, nil] language tag; an empty text clears it
    # @return [User]
    # @raise [EmailAlreadyVerifiedError] a verified e-mail address cannot be marked unverified
    # @raise [EmailNotAvailableError] the e-mail address belongs to another user
    # @raise [ExternalIdAlreadyUsedError] the external id belongs to another user
    # @raise [InputInvalidError] the input is not valid
    # @raise [InvalidPasswordHashError] the password hash is damaged, too costly or of a kind that is not supported
    # @raise [PasswordAndPasswordHashProvidedError] give a password or a password hash, not both
    # @raise [PasswordRejectedError] the password does not meet the policy
    # @raise [UserNotFoundError] there is no such user
    def update_user(id, email: nil, password: nil, password_hash: nil, email_verified: nil, first_name: nil,
                    last_name: nil, name: nil, external_id: nil, metadata: nil, locale: nil)
      native.call(Native::UPDATE_USER, id, email, password, password_hash, email_verified, first_name,
                  last_name, name, external_id, metadata, locale)
    end

    # Deletes a user with their resets.
    # @param id [String] the id: `user_…`
    # @return [nil]
    # @raise [UserNotFoundError] there is no such user
    def delete_user(id)
      native.call(Native::DELETE_USER, id)
    end

    # Checks an address and a password. All that is wrong with either gets one answer. After many failures in
    # a row nothing is checked for a while. No session is issued.
    # @param email [String] the address, compared in its look-up form
    # @param password [String] the password: at most 4,096 bytes
    # @return [User]
    # @raise [InvalidCredentialsError] the e-mail address or the password is wrong
    # @raise [OverloadedError] too many calls are under way; try again shortly
    # @raise [RateLimitedError] too many requests; try again later
    def authenticate_with_password(email:, password:)
      native.call(Native::AUTHENTICATE_WITH_PASSWORD, email, password)
    end

    # Makes a reset for a user, for the trusted server. It tells whether there is such a user. An earlier
    # reset of the user ends. For a user without a password, such as one who is invited, the token works for
    # `first_password_lifetime`.
    # @param email [String] the address of the user, compared in its look-up form
    # @return [PasswordReset]
    # @raise [InputInvalidError] the input is not valid
    # @raise [UserLockedError] the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it
    # @raise [UserNotFoundError] there is no such user
    def create_password_reset(email:)
      native.call(Native::CREATE_PASSWORD_RESET, email)
    end

    # Makes a reset for whoever has an address, for a public form. Answer the form in the same way whatever
    # comes of it, and send the mail later. Nothing comes of it where there is no such user, or where it was
    # asked for too often.
    # @param email [String] what was typed into the form
    # @return [PasswordReset, nil]
    # @raise [InputInvalidError] the input is not valid
    def request_password_reset(email:)
      native.call(Native::REQUEST_PASSWORD_RESET, email)
    end

    # Reads a live reset with its link. Only while its token can be used.
    # @param id [String] the id: `password_reset_…`
    # @return [PasswordReset]
    # @raise [PasswordResetNotFoundError] there is no such password reset, or it is no longer usable
    def get_password_reset(id)
      native.call(Native::GET_PASSWORD_RESET, id)
    end

    # Says whether a token can be used, and until when; nothing is changed. For the page behind the link,
    # before it shows a form. It tells no more than `reset_password` would.
    # @param token [String] the `token` query parameter from the password reset URL
    # @return [TokenCheck]
    def check_password_reset_token(token:)
      native.call(Native::CHECK_PASSWORD_RESET_TOKEN, token)
    end

    # Sets a new password with the token of a reset link. A token works once, and success verifies the user's
    # e-mail. A refused password leaves the token usable. End the sessions that began before the user's
    # `credentials_changed_at`.
    # @param token [String] the `token` query parameter from the password reset URL
    # @param new_password [String] the new password to set for the user
    # @return [User]
    # @raise [OverloadedError] too many calls are under way; try again shortly
    # @raise [PasswordRejectedError] the password does not meet the policy
    # @raise [PasswordResetTokenExpiredError] the password reset token has expired
    # @raise [PasswordResetTokenNotFoundError] the password reset token is unknown or can no longer be used
    def reset_password(token:, new_password:)
      native.call(Native::RESET_PASSWORD, token, new_password)
    end

    # Ends the live resets of one user, or of all. Answers how many were ended.
    # @param user_id [String, nil] the user, or nothing for all users
    # @return [Integer]
    # @raise [UserNotFoundError] there is no such user
    def revoke_password_resets(user_id: nil)
      native.call(Native::REVOKE_PASSWORD_RESETS, user_id)
    end

    # Gives the policy's verdict on a password; nothing is set.
    # @param password [String] the password to judge
    # @param user_id [String, nil] whose it would be: it is then also held against their address and names
    # @return [PasswordCheck]
    # @raise [UserNotFoundError] there is no such user
    def check_password(password:, user_id: nil)
      native.call(Native::CHECK_PASSWORD, password, user_id)
    end

    # Reads what happened, oldest first. Begins after the event `after`, or with the oldest.
    # @param after [String, nil] the id of the event to begin after
    # @param limit [Integer, nil] events on a page: 1 to 100
    # @return [EventList]
    # @raise [InputInvalidError] the input is not valid
    def events(after: nil, limit: nil)
      native.call(Native::EVENTS, after, limit)
    end

    # Takes messages that are to be sent now, for a mailer. Needs the option `messages`. Each is held for 5
    # minutes by whoever was given it: say what became of it by `message_sent` or `message_failed`, or it is
    # given out again. Send each to its `to`, with a `Message-ID` made of its `message_id`, which stays the
    # same.
    # @param limit [Integer, nil] most messages that are taken: 1 to 100, 10 by default
    # @return [MessageList]
    # @raise [ConfigInvalidError] the configuration cannot be used
    # @raise [InputInvalidError] the input is not valid
    def messages(limit: nil)
      native.call(Native::MESSAGES, limit)
    end

    # Removes a message that was sent. Refused with `id_unknown` when there is no such message any more, or
    # another holds it by now; there is nothing to be done about that.
    # @param id [String] the message's `id`, as it was given out this time
    # @return [nil]
    # @raise [ConfigInvalidError] the configuration cannot be used
    # @raise [InputInvalidError] the input is not valid
    def message_sent(id)
      native.call(Native::MESSAGE_SENT, id)
    end

    # Gives a message back that could not be sent. It is given out again after 10 seconds, 1, 5, 15 and 60
    # minutes, then every 4 hours: a link until it stops working, a notice for a day.
    # @param id [String] the message's `id`, as it was given out this time
    # @return [nil]
    # @raise [ConfigInvalidError] the configuration cannot be used
    # @raise [InputInvalidError] the input is not valid
    def message_failed(id)
      native.call(Native::MESSAGE_FAILED, id)
    end

    # Says that a change was not the owner's, by the token of the notice that told of it. Nobody knows the
    # password any more, and links end; end the sessions that began before the user's
    # `credentials_changed_at`. A new link is sent if the address is still the account's. If not, the account
    # is locked: no link is made for it until `unlock_user`, or until an address is set. A token works once,
    # for 7 days.
    # @param token [String] the notice's `report_token`
    # @param email [String] the address that the notice was sent to, typed by its reader
    # @return [User]
    # @raise [InputInvalidError] the input is not valid
    # @raise [OverloadedError] too many calls are under way; try again shortly
    def report_change(token:, email:)
      native.call(Native::REPORT_CHANGE, token, email)
    end

    # Has links made again for a user who was locked out by `report_change`. Make sure first that the
    # account's address is its owner's.
    # @param id [String] the id: `user_…`
    # @return [nil]
    # @raise [UserNotFoundError] there is no such user
    def unlock_user(id)
      native.call(Native::UNLOCK_USER, id)
    end

    # Removes what is dead and old. Of each kind go at most `limit` rows; call it again while it removes as
    # many.
    # @param limit [Integer, nil] most rows of each kind that go: 1 to 10,000
    # @return [Purged]
    # @raise [InputInvalidError] the input is not valid
    def purge(limit: nil)
      native.call(Native::PURGE, limit)
    end
  end
end
