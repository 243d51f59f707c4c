# frozen_string_literal: true

require_relative "test_helper"
require "timeout"

# Threads, interrupts, fibers, forks and Ractors.
class ConcurrencyTest < TestCase
  include ResetPassword

  # One hash of about a second.
  SLOW = { argon2_memory_kib: 65_536, argon2_iterations: 16 }.freeze

  def test_other_threads_run_while_a_password_is_hashed
    users = UserManagement.new(@database, **SLOW)
    ticks = 0
    ticker = Thread.new do
      loop do
        ticks += 1
        sleep 0.001
      end
    end
    Thread.pass until ticks.positive?
    before = ticks
    users.create_user(email: EMAIL, password: PASSWORD)
    assert_operator ticks - before, :>=, 20
  ensure
    ticker.kill.join
  end

  def test_one_of_many_threads_wins_a_token
    users = open(memory_budget_kib: 1_048_576)
    users.create_user(email: EMAIL, password: PASSWORD)
    token = users.create_password_reset(email: EMAIL).password_reset_token
    start = Queue.new
    threads = Array.new(8) do |index|
      Thread.new do
        start.pop
        users.reset_password(token:, new_password: "#{NEW_PASSWORD} #{index}").class
      rescue ResetPassword::Error => e
        e.class
      end
    end
    start.close
    assert_equal({ User => 1, PasswordResetTokenNotFoundError => 7 }, threads.map(&:value).tally)
  end

  def test_what_interrupts_is_served_after_the_work
    users = UserManagement.new(@database, **SLOW)
    # What Timeout does, at a moment that is surely within the work.
    { "timeout" => ->(thread) { thread.raise(Timeout::Error) }, "kill" => :kill.to_proc }.each do |name, interrupt|
      after = false
      thread = Thread.new do
        users.create_user(email: "#{name}@example.com", password: PASSWORD)
        after = true
      end
      thread.report_on_exception = false
      wait_until_at_work(thread)
      interrupt.call(thread)
      name == "kill" ? thread.join : assert_raises(Timeout::Error) { thread.join }
      refute after
      assert_equal "#{name}@example.com", users.get_user_by_email("#{name}@example.com").email
    end

    served = 0
    earlier = trap("USR1") { served += users.list_users.data.length }
    sender = Thread.new { Process.kill("USR1", Process.pid) }
    users.create_user(email: "signal@example.com", password: PASSWORD)
    sender.join
    Thread.pass until served.positive?
    assert_includes 2..3, served
  ensure
    trap("USR1", earlier) if earlier
  end

  def test_fibers_and_threads_with_small_stacks
    users = open
    users.create_user(email: EMAIL, password: PASSWORD)
    login = -> { users.authenticate_with_password(email: EMAIL, password: PASSWORD).email }
    assert_equal EMAIL, Fiber.new { login.call }.resume
    assert_equal EMAIL, Thread.new { Fiber.new { login.call }.resume }.value
    refused = Fiber.new { users.get_user("user_x") }
    assert_raises(UserNotFoundError) { refused.resume }
  end

  def test_parent_and_child_use_what_was_opened_before_the_fork
    users = open
    user = users.create_user(email: EMAIL, password: PASSWORD)
    token = users.create_password_reset(email: EMAIL).password_reset_token
    busy = Thread.new { 5.times { users.check_password(password: PASSWORD, user_id: user.id) } }
    changed = in_a_child { users.reset_password(token:, new_password: NEW_PASSWORD).id }
    busy.join
    assert_equal user.id, changed
    assert_equal user.id, users.authenticate_with_password(email: EMAIL, password: NEW_PASSWORD).id

    in_a_child { in_a_child { users.update_user(user.id, name: "Grandchild").name } }
    assert_equal "Grandchild", users.get_user(user.id).name
    GC.start
    assert_equal 1, in_a_child { users = nil || open; GC.start; users.list_users.data.length }
  end

  def test_a_fork_while_another_thread_hashes
    users = UserManagement.new(@database, **SLOW)
    hashing = Thread.new { users.create_user(email: EMAIL, password: PASSWORD) }
    wait_until_at_work(hashing)
    made = in_a_child { users.create_user(email: "child@example.com", password: PASSWORD).email }
    assert_equal ["child@example.com", EMAIL], [made, hashing.value.email]
    assert_equal 2, users.list_users.data.length
  end

  def test_a_database_in_memory_stays_where_it_was_made
    users = UserManagement.new(":memory:", **CHEAP)
    users.create_user(email: EMAIL)
    assert_equal "config_invalid", in_a_child { begin users.list_users; rescue ResetPassword::Error => e; e.code; end }
    assert_equal 1, users.list_users.data.length
  end

  def test_a_child_ends_as_any_other
    open.create_user(email: EMAIL)
    script = <<~'RUBY'
      users = ResetPassword::UserManagement.new(ARGV[0])
      users.list_users
      pid = fork { users.list_users }
      _, status = Process.wait2(pid)
      exit(status.success? && users.list_users.data.length == 1)
    RUBY
    _, err, status = ruby("-rreset_password", "-e", script, @database)
    assert status.success?, "#{status} #{err}"
    assert_empty err
  end

  def test_ractors_are_refused
    script = <<~'RUBY'
      Warning[:experimental] = false
      ResetPassword.configure(database_url: ARGV[0])
      USERS = ResetPassword::UserManagement.new(ARGV[0])
      refused = ->(&block) do
        block.call.take
        "allowed"
      rescue Ractor::RemoteError => e
        "#{e.cause.class}: #{e.cause.message}"
      rescue TypeError => e
        "#{e.class}: #{e.message}"
      end
      Thread.report_on_exception = false
      puts refused.call { Ractor.new(ARGV[0].dup) { |file| ResetPassword::UserManagement.new(file) } }
      puts refused.call { Ractor.new { ResetPassword::UserManagement.list_users } }
      puts refused.call { Ractor.new { USERS.list_users } }
      puts refused.call { Ractor.new(USERS) { |users| users.list_users } }
      user = USERS.create_user(email: "ada@example.com")
      puts Ractor.new(user) { |shared| shared.email }.take
    RUBY
    out, err, status = ruby("-rreset_password", "-e", script, @database)
    assert status.success?, err
    lines = out.lines(chomp: true)
    assert_equal "Ractor::UnsafeError: ractor unsafe method called from not main ractor", lines[0]
    assert_equal "Ractor::UnsafeError: ResetPassword::UserManagement is for the main Ractor only", lines[1]
    assert_match(/\ARactor::IsolationError: can not access non-shareable objects in constant Object::USERS/, lines[2])
    assert_equal "TypeError: a ResetPassword::UserManagement cannot be cloned, nor given to another Ractor", lines[3]
    assert_equal EMAIL, lines[4]
  end

  private

  # A thread without the global lock counts as asleep.
  def wait_until_at_work(thread)
    Thread.pass until thread.status == "sleep" || !thread.alive?
    assert_predicate thread, :alive?, "the work ended before it could be seen"
  end
end
