# frozen_string_literal: true

# The gem sqlite3 beside the package: beside.rb DATABASE SECONDS USER

require "json"
require "reset_password"
require "sqlite3"

database, seconds, number = ARGV

# Reads a number and writes the next one, in one transaction of the application's own.
add_one = lambda do |meanwhile|
  connection = SQLite3::Database.new(database)
  connection.busy_timeout = 60_000
  connection.execute("BEGIN IMMEDIATE")
  value = connection.get_first_value("SELECT logins FROM users WHERE id = 1")
  meanwhile.call
  connection.execute("UPDATE users SET logins = ? WHERE id = 1", [value + 1])
  connection.execute("COMMIT")
  connection.close
end

users = ResetPassword::UserManagement.new(database, argon2_memory_kib: 19_456, argon2_iterations: 2, users: "own")
user = users.get_user(number)
descriptors = -> { Dir.children("/proc/self/fd").size }
increments = resets = 0
at_first = nil
finish = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds.to_f
while Process.clock_gettime(Process::CLOCK_MONOTONIC) < finish
  add_one.call(-> { users.get_user(user.id) })
  increments += 1
  made = users.create_password_reset(email: user.email)
  users.reset_password(token: made.password_reset_token, new_password: "a long walk by the sea")
  resets += 1
  at_first ||= descriptors.call
end
users.close
puts JSON.generate(increments:, resets:, descriptors: descriptors.call, descriptors_at_first: at_first)
