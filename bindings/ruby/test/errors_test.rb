# frozen_string_literal: true

require_relative "test_helper"
require "json"
require "pp"

class ErrorsTest < TestCase
  include ResetPassword

  CODES = File.read(File.expand_path("../../../docs/reference/errors.md", __dir__))[/<!-- codes:begin -->.*<!-- codes:end -->/m]
              .scan(/^\| `(\w+)` \|/).flatten.freeze

  def test_every_code_has_a_class_and_every_class_a_code
    assert_equal 27, CODES.length
    expected = CODES.to_h { |code| [code, "ResetPassword::#{code.split("_").map(&:capitalize).join}Error"] }
    assert_equal expected.sort, ResetPassword::Error.subclasses.map { |type| [type::CODE, type.name] }.sort
    assert_equal StandardError, ResetPassword::Error.superclass
  end

  def test_an_error_says_what_there_is
    error = assert_raises(UserNotFoundError) { open.get_user("user_x") }
    assert_equal ["user_not_found", "there is no such user", [], false, nil],
                 [error.code, error.message, error.errors, error.retryable, error.retry_after]
    assert_kind_of ResetPassword::Error, error

    error = assert_raises(PasswordRejectedError) { open.create_user(email: EMAIL, password: "short") }
    assert_equal({ code: "password_too_short", field: nil, minimum_length: 15, maximum_length: nil },
                 error.errors.first.to_h.except(:message))
    error = assert_raises(InputInvalidError) { open.create_user(email: "") }
    assert_equal [["email_required", "email"]], error.errors.map { |detail| [detail.code, detail.field] }
    assert error.errors.frozen?
  end

  def test_an_overload_says_when_to_try_again
    users = open(memory_budget_kib: CHEAP[:argon2_memory_kib])
    calls = Array.new(24) do
      Thread.new do
        users.create_user(email: EMAIL, password: PASSWORD)
      rescue ResetPassword::Error => e
        e
      end
    end
    error = calls.map(&:value).grep(OverloadedError).first
    refute_nil error
    assert error.retryable
    assert_includes 1..2, error.retry_after
  end

  def test_what_is_installed_has_no_test_hooks
    assert_raises(UserNotFoundError) { open.get_user("panic") }
  end

  def test_before_configure
    out, err, status = ruby("-rreset_password", "-", stdin: <<~RUBY)
      begin
        ResetPassword::UserManagement.reset_password(token: "x", new_password: "y")
      rescue ResetPassword::ConfigInvalidError => e
        print [e.code, e.retryable, e.message].inspect
      end
    RUBY
    assert status.success?, err
    assert_equal ["config_invalid", false, "ResetPassword.configure(database_url: ...) has to be called first"]
      .inspect, out
    error = assert_raises(ArgumentError) { ResetPassword.configure(reset_url: "https://example.com/r") }
    assert_equal "missing keyword: :database_url", error.message
    assert_raises(ArgumentError) { ResetPassword.configure(database_uri: @database) }
  end

  def test_no_secret_is_shown
    key = "0123456789abcdef" * 4
    users = open(key:)
    users.create_user(email: EMAIL, password: PASSWORD)
    reset = users.create_password_reset(email: EMAIL)
    token = reset.password_reset_token
    refused = assert_raises(PasswordRejectedError) { users.reset_password(token:, new_password: "Secret-1") }
    unknown = assert_raises(ResetPassword::Error) { users.reset_password(token: "#{token[..-2]}~", new_password: PASSWORD) }
    mistyped = assert_raises(TypeError) { users.reset_password(token: token.to_sym, new_password: PASSWORD) }
    missing = assert_raises(ArgumentError) { users.reset_password(token:) }
    config = assert_raises(ConfigInvalidError) { open(key: "#{key[..-2]}x") }

    shown = [users, reset, refused, unknown, mistyped, missing, config, ResetPassword].flat_map do |object|
      texts = [object.inspect, object.to_s, PP.pp(object, +""), object.to_json, "#{object}"]
      texts << object.full_message(highlight: false) if object.is_a?(Exception)
      texts
    end
    assert_includes shown.join, "[redacted]"
    [token, "Secret-1", PASSWORD, key, key[..-2]].each do |secret|
      shown.each { |text| refute_includes text, secret }
    end
  end
end
