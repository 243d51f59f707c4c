# frozen_string_literal: true

require_relative "test_helper"

class MemoryTest < TestCase
  include ResetPassword

  CALLS = 10_000
  MOST_KIB = 5 * 1024

  def test_calls_leave_nothing_behind
    users = open
    id = users.create_user(email: EMAIL, metadata: { "plan" => "pro" }).id
    unknown = { token: UNKNOWN_TOKEN, new_password: PASSWORD }
    short = { email: EMAIL, password: "x" }
    { "unknown token" => proc { refused(PasswordResetTokenNotFoundError) { users.reset_password(**unknown) } },
      "get_user" => proc { users.get_user(id) },
      "refused type" => proc { refused(TypeError) { users.get_user(:id) } },
      "refused password" => proc { refused(PasswordRejectedError) { users.create_user(**short) } },
      "transcoded" => proc { refused(UserNotFoundError) { users.get_user(UTF_16) } } }.each do |name, call|
      (CALLS / 5).times(&call)
      before = resident
      CALLS.times(&call)
      assert_operator resident - before, :<, MOST_KIB, name
    end
  end

  def test_handles_leave_nothing_behind
    make = proc do
      20.times { open.list_users }
      GC.start
    end
    3.times(&make)
    before = resident
    10.times(&make)
    assert_operator resident - before, :<, MOST_KIB
  end

  UTF_16 = "user_x".encode("UTF-16LE").freeze

  private

  def refused(type)
    yield
    flunk("not refused")
  rescue type
    nil
  end

  def resident
    GC.start
    File.read("/proc/self/status")[/VmRSS:\s+(\d+)/, 1].to_i
  end
end
