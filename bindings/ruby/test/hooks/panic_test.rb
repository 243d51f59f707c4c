# frozen_string_literal: true

require_relative "../test_helper"

# Run on a build with test hooks, in which the id `panic` makes the engine panic.
class PanicTest < TestCase
  include ResetPassword

  def test_a_panic_is_an_internal_error_and_the_process_lives
    users = open
    user = users.create_user(email: EMAIL, password: PASSWORD)
    3.times do
      error = assert_raises(InternalError) { users.get_user("panic") }
      assert_equal ["internal", "something went wrong inside the engine; the log has the details", [], false, nil],
                   [error.code, error.message, error.errors, error.retryable, error.retry_after]
      elsewhere = Thread.new { users.reset_password(token: "panic", new_password: PASSWORD) }
      elsewhere.report_on_exception = false
      assert_raises(InternalError) { elsewhere.join }
      assert_equal user.id, users.authenticate_with_password(email: EMAIL, password: PASSWORD).id
    end
    code = in_a_child do
      users.delete_user("panic")
    rescue ResetPassword::Error => e
      e.code
    end
    assert_equal "internal", code
  end
end
