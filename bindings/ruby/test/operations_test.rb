# frozen_string_literal: true

require_relative "test_helper"
require "pathname"
require "json"

# Every operation with what it answers. Also run with each call held against the signatures.
class OperationsTest < TestCase
  include ResetPassword

  def test_a_user_is_made_found_changed_and_deleted
    users = open
    user = users.create_user(email: EMAIL, password: PASSWORD, first_name: "Ada", last_name: "Lovelace",
                             name: "Ada Lovelace", external_id: "ext-1", metadata: { "plan" => "pro" },
                             locale: "en-GB", email_verified: true)
    assert_match(/\Auser_[0-9A-Z]{26}\z/, user.id)
    assert_equal [EMAIL, true, "Ada", "Lovelace", "Ada Lovelace", "ext-1", { "plan" => "pro" }, "en-GB"],
                 [user.email, user.email_verified, user.first_name, user.last_name, user.name,
                  user.external_id, user.metadata, user.locale]
    assert_nil user.profile_picture_url
    assert_nil user.last_sign_in_at

    assert_equal user, users.get_user(user.id)
    assert_equal user, users.get_user_by_email("ADA@example.com")
    assert_equal user, users.get_user_by_external_id("ext-1")

    changed = users.update_user(user.id, first_name: "", metadata: {}, locale: nil)
    assert_nil changed.first_name
    assert_equal({}, changed.metadata)
    assert_equal ["Lovelace", "en-GB"], [changed.last_name, changed.locale]

    assert_nil users.delete_user(user.id)
    assert_raises(UserNotFoundError) { users.get_user(user.id) }
  end

  def test_a_password_is_reset
    users = open(reset_url: "https://example.com/reset")
    user = users.create_user(email: EMAIL, password: PASSWORD)
    reset = users.create_password_reset(email: EMAIL)
    assert_equal [user.id, EMAIL], [reset.user_id, reset.email]
    assert_equal "https://example.com/reset?token=#{reset.password_reset_token}", reset.password_reset_url
    assert_equal reset, users.get_password_reset(reset.id)

    after = users.reset_password(token: reset.password_reset_token, new_password: NEW_PASSWORD)
    assert_instance_of User, after
    assert after.email_verified
    assert_equal user.id, users.authenticate_with_password(email: EMAIL, password: NEW_PASSWORD).id
    assert_raises(InvalidCredentialsError) { users.authenticate_with_password(email: EMAIL, password: PASSWORD) }
    assert_raises(PasswordResetTokenNotFoundError) do
      users.reset_password(token: reset.password_reset_token, new_password: NEW_PASSWORD)
    end
  end

  def test_requests_and_revocations
    users = open
    user = users.create_user(email: EMAIL)
    assert_nil users.request_password_reset(email: "nobody@example.com")
    reset = users.request_password_reset(email: EMAIL)
    assert_instance_of PasswordReset, reset
    assert_nil users.request_password_reset(email: EMAIL)
    assert_equal 1, users.revoke_password_resets(user_id: user.id)
    assert_equal 0, users.revoke_password_resets
    assert_raises(PasswordResetNotFoundError) { users.get_password_reset(reset.id) }
  end

  def test_lists_and_the_feed
    users = open
    ids = %w[a b c].map { |name| users.create_user(email: "#{name}@example.com").id }
    page = users.list_users(limit: 2, order: "asc")
    assert_instance_of UserList, page
    assert_equal ids.first(2), page.data.map(&:id)
    assert_equal UserCursors.new(before: nil, after: ids[1]), page.list_metadata
    assert_equal ids.last(1), users.list_users(after: ids[1], order: "asc").data.map(&:id)
    assert_equal [ids[1]], users.list_users(email: "b@example.com").data.map(&:id)
    assert_equal ids.first(1), users.list_users(before: ids[1], order: "asc").data.map(&:id)

    first = users.events(limit: 1)
    assert_instance_of EventList, first
    event = first.data.first
    assert_instance_of Event, event
    assert_equal "user.created", event.event
    assert_equal "a@example.com", event.data["email"]
    assert_match(/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/, event.data["created_at"])
    assert_equal EventCursor.new(after: event.id), first.list_metadata
    assert_equal 2, users.events(after: event.id).data.length
    assert_equal Purged.new(password_resets: 0, events: 0, requests: 0), users.purge
    assert_instance_of Purged, users.purge(limit: 1)
  end

  def test_a_password_is_checked
    users = open
    user = users.create_user(email: EMAIL, name: "Augusta Ada Lovelace")
    assert_equal PasswordCheck.new(acceptable: true, errors: []), users.check_password(password: PASSWORD)
    short = users.check_password(password: "short")
    refute short.acceptable
    assert_equal ["password_too_short", 15, nil],
                 [short.errors[0].code, short.errors[0].minimum_length, short.errors[0].field]
    similar = users.check_password(password: "AugustaAdaLovelace1", user_id: user.id)
    assert_equal ["password_too_similar"], similar.errors.map(&:code)
  end

  def test_results_are_values
    users = open
    user = users.create_user(email: EMAIL, metadata: { "plan" => "pro" })
    same = users.get_user(user.id)
    assert_equal user.hash, same.hash
    assert user.eql?(same)
    refute_equal user, users.update_user(user.id, name: "Ada")
    assert Ractor.shareable?(user), "frozen all through"
    assert_raises(FrozenError) { user.metadata["plan"] = "none" }
    assert_raises(NoMethodError) { user.email = "x" }

    assert user.created_at.utc?
    assert_in_delta Time.now, user.created_at, 60
    assert_equal 0, user.created_at.nsec % 1_000_000
    assert_nil user.credentials_changed_at

    case user
    in { name: String } then flunk("it has no name")
    in { email: matched, email_verified: false } then assert_equal EMAIL, matched
    end
    assert_equal User.fields, user.to_h.keys
    listed = users.list_users.to_h
    assert_equal [{ email: EMAIL }, [:before, :after]],
                 [listed[:data][0].slice(:email), listed[:list_metadata].keys]
    assert_equal user, User.new(**user.to_h)
    assert_includes user.inspect, %(email="ada@example.com")
  end

  def test_closing_is_not_the_end
    users = open
    users.create_user(email: EMAIL)
    assert_nil users.close
    assert_nil users.close
    assert_equal 1, users.list_users.data.length

    kept = nil
    answer = UserManagement.open(Pathname(@database), **CHEAP) do |opened|
      kept = opened
      opened.list_users.data.length
    end
    assert_equal 1, answer
    assert_equal 1, kept.list_users.data.length
    assert_instance_of UserManagement, UserManagement.open(@database)
    assert_raises(UserNotFoundError) { UserManagement.open(@database) { |opened| opened.get_user("user_x") } }
  end

  def test_two_handles_share_a_file
    one = open
    two = open(key_file: Pathname("#{@database}.key"))
    one.create_user(email: EMAIL, password: PASSWORD)
    token = two.create_password_reset(email: EMAIL).password_reset_token
    one.reset_password(token:, new_password: NEW_PASSWORD)
    assert_equal EMAIL, two.authenticate_with_password(email: EMAIL, password: NEW_PASSWORD).email
  end

  def test_the_class_has_the_operations_after_configure
    assert_nil ResetPassword.configure(database_url: @database, **CHEAP)
    UserManagement.create_user(email: EMAIL, password: PASSWORD)
    token = UserManagement.create_password_reset(email: EMAIL).password_reset_token
    user = UserManagement.reset_password(token: token, new_password: NEW_PASSWORD)
    assert_equal user, ResetPassword.user_management.get_user(user.id)
    assert_nil UserManagement.close

    other = File.join(@folder, "other.db")
    ResetPassword.configure(database_url: @database) do |config|
      config.database_url = Pathname(other)
      config.reset_url = "https://example.com/r"
      assert_equal "#<ResetPassword::Configuration>", config.inspect
    end
    assert_empty UserManagement.list_users.data
    assert_path_exists other

    assert_raises(ConfigInvalidError) { ResetPassword.configure(database_url: other, token_lifetime: 1) }
    assert_empty UserManagement.list_users.data, "a configuration that fails changes nothing"
  end
end
