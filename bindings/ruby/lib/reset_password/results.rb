# frozen_string_literal: true

# Generated from bindings/api by scripts/update; changes here are lost.
module ResetPassword
  # One reason why a password or an input is refused.
  #
  # @!attribute [r] code
  #   @return [String] which reason, such as `password_too_short`
  # @!attribute [r] message
  #   @return [String] the same in English, to show to whoever typed it
  # @!attribute [r] field
  #   @return [String, nil] the argument that it is about
  # @!attribute [r] minimum_length
  #   @return [Integer, nil] with `password_too_short`
  # @!attribute [r] maximum_length
  #   @return [Integer, nil] with `password_too_long`
  class Detail < Record
    declare :code, :message, :field, :minimum_length, :maximum_length
  end

  # Something that happened.
  #
  # @!attribute [r] id
  #   @return [String] `event_` and a ULID
  # @!attribute [r] event
  #   @return [String] what happened, such as `password_reset.succeeded`
  # @!attribute [r] data
  #   @return [Hash{String => Object}] the user, or the reset without token and url
  # @!attribute [r] created_at
  #   @return [Time] when
  class Event < Record
    declare :id, :event, :data, :created_at
  end

  # Where a page of events ends.
  #
  # @!attribute [r] after
  #   @return [String, nil] the id to give as `after` for the next page
  class EventCursor < Record
    declare :after
  end

  # A page of events.
  #
  # @!attribute [r] data
  #   @return [Array<Event>] the events, oldest first
  # @!attribute [r] list_metadata
  #   @return [EventCursor] where the page ends
  class EventList < Record
    declare :data, :list_metadata
  end

  # A message that is to be sent now. `inspect` shows no secret.
  #
  # @!attribute [r] id
  #   @return [String] what `message_sent` and `message_failed` take; another one each time
  # @!attribute [r] message_id
  #   @return [String] `message_` and a ULID, the same each time: what to make the mail's `Message-ID` of
  # @!attribute [r] kind
  #   @return [String] `password_reset`, `password_changed` or `email_changed`
  # @!attribute [r] to
  #   @return [String] the address to send it to, as stored
  # @!attribute [r] user_id
  #   @return [String] the user whose account it is about
  # @!attribute [r] first_name
  #   @return [String, nil] given name
  # @!attribute [r] name
  #   @return [String, nil] full name
  # @!attribute [r] locale
  #   @return [String, nil] language tag, such as `de` or `pt-BR`
  # @!attribute [r] url
  #   @return [String, nil] the link, of `password_reset`. A secret
  # @!attribute [r] expires_at
  #   @return [Time, nil] when the link stops working
  # @!attribute [r] report_token
  #   @return [String, nil] of a notice: what `report_change` takes. A secret
  # @!attribute [r] created_at
  #   @return [Time] when what it tells of happened
  # @!attribute [r] attempt
  #   @return [Integer] how often it was given out, this time included
  class Message < Record
    declare :id, :message_id, :kind, :to, :user_id, :first_name, :name, :locale, :url, :expires_at,
            :report_token, :created_at, :attempt,
            secret: %i[url report_token]
  end

  # Messages that are to be sent now.
  #
  # @!attribute [r] data
  #   @return [Array<Message>] the messages, those first that have waited for longest
  class MessageList < Record
    declare :data
  end

  # The policy's verdict on a password.
  #
  # @!attribute [r] acceptable
  #   @return [Boolean] whether it may be chosen
  # @!attribute [r] errors
  #   @return [Array<Detail>] every rule that it breaks
  class PasswordCheck < Record
    declare :acceptable, :errors
  end

  # A password reset with its token and url. `inspect` shows no secret.
  #
  # @!attribute [r] id
  #   @return [String] `password_reset_` and a ULID
  # @!attribute [r] user_id
  #   @return [String] the user whose password it resets
  # @!attribute [r] email
  #   @return [String] the user's address, as stored: the only recipient
  # @!attribute [r] password_reset_token
  #   @return [String] the token: 43 characters of base64url. A secret
  # @!attribute [r] password_reset_url
  #   @return [String] the link: `reset_url` with the token. A secret
  # @!attribute [r] expires_at
  #   @return [Time] when the token stops working
  # @!attribute [r] created_at
  #   @return [Time] when it was made
  class PasswordReset < Record
    declare :id, :user_id, :email, :password_reset_token, :password_reset_url, :expires_at, :created_at,
            secret: %i[password_reset_token password_reset_url]
  end

  # How many rows were removed.
  #
  # @!attribute [r] password_resets
  #   @return [Integer] resets removed
  # @!attribute [r] events
  #   @return [Integer] events removed
  # @!attribute [r] requests
  #   @return [Integer] counted requests and failed logins removed
  class Purged < Record
    declare :password_resets, :events, :requests
  end

  # Whether a token can be used, and until when.
  #
  # @!attribute [r] usable
  #   @return [Boolean] whether `reset_password` would take it now
  # @!attribute [r] expires_at
  #   @return [Time, nil] when it stops working, where it is usable
  # @!attribute [r] error_code
  #   @return [String, nil] the error that `reset_password` would answer, where it is not
  class TokenCheck < Record
    declare :usable, :expires_at, :error_code
  end

  # A user.
  #
  # @!attribute [r] id
  #   @return [String] `user_` and a ULID
  # @!attribute [r] email
  #   @return [String] the address as typed; the only recipient of mail
  # @!attribute [r] email_verified
  #   @return [Boolean] whether the user has shown that the address is theirs, for instance by a reset
  # @!attribute [r] first_name
  #   @return [String, nil] given name
  # @!attribute [r] last_name
  #   @return [String, nil] family name
  # @!attribute [r] name
  #   @return [String, nil] full name
  # @!attribute [r] profile_picture_url
  #   @return [String, nil] a picture. Nothing sets it yet
  # @!attribute [r] last_sign_in_at
  #   @return [Time, nil] the last good login through the engine
  # @!attribute [r] external_id
  #   @return [String, nil] the id that another system knows the user by
  # @!attribute [r] metadata
  #   @return [Hash{String => String}] free text by key
  # @!attribute [r] locale
  #   @return [String, nil] language tag, such as `de` or `pt-BR`
  # @!attribute [r] credentials_changed_at
  #   @return [Time, nil] when the password was set. Refuse sessions that began before it
  # @!attribute [r] created_at
  #   @return [Time] when the user was created
  # @!attribute [r] updated_at
  #   @return [Time] when the user was last changed
  class User < Record
    declare :id, :email, :email_verified, :first_name, :last_name, :name, :profile_picture_url,
            :last_sign_in_at, :external_id, :metadata, :locale, :credentials_changed_at, :created_at,
            :updated_at
  end

  # Where the neighbouring pages of a list of users begin.
  #
  # @!attribute [r] before
  #   @return [String, nil] the id to give as `before` for the page before
  # @!attribute [r] after
  #   @return [String, nil] the id to give as `after` for the page after
  class UserCursors < Record
    declare :before, :after
  end

  # A page of users.
  #
  # @!attribute [r] data
  #   @return [Array<User>] the users
  # @!attribute [r] list_metadata
  #   @return [UserCursors] where the neighbouring pages begin
  class UserList < Record
    declare :data, :list_metadata
  end
end
