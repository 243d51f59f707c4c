# frozen_string_literal: true

require "fileutils"
require "minitest"
require "tmpdir"
require "reset_password"

# One line that the caller can count.
class CountingReporter < Minitest::StatisticsReporter
  def report
    super
    failed = failures + errors
    io.puts "test result: #{failed.zero? && skips.zero? ? "ok" : "FAILED"}. " \
            "#{count - failed - skips} passed; #{failed} failed; #{skips} ignored;"
  end
end

module Minitest
  def self.plugin_counting_init(options)
    reporter << CountingReporter.new(options[:io], options)
  end
end
Minitest.extensions << "counting"

class TestCase < Minitest::Test
  # The least that the engine takes, so that tests are quick.
  CHEAP = { argon2_memory_kib: 19_456, argon2_iterations: 2 }.freeze
  EMAIL = "ada@example.com"
  PASSWORD = "a long walk by the sea"
  NEW_PASSWORD = "a short swim in the lake"
  UNKNOWN_TOKEN = "A" * 43

  def setup
    @folder = Dir.mktmpdir("reset-password-")
    @database = File.join(@folder, "users.db")
  end

  def teardown
    FileUtils.remove_entry(@folder)
  end

  def open(**options)
    ResetPassword::UserManagement.new(@database, **CHEAP, **options)
  end

  # Does the block in a forked child and returns what it returned, or raises what it raised.
  def in_a_child
    reader, writer = IO.pipe(binmode: true)
    child = fork do
      reader.close
      outcome = begin
        [:ok, yield]
      rescue Exception => e
        [:raised, "#{e.class}: #{e.message}"]
      end
      Marshal.dump(outcome, writer)
      writer.close
      exit!(0)
    end
    writer.close
    kind, value = Marshal.load(reader.read)
    Process.wait(child)
    flunk(value) if kind == :raised
    value
  ensure
    reader.close
  end

  # Runs Ruby with what is installed, in a folder of its own.
  def ruby(*arguments, stdin: "")
    require "open3"
    Open3.capture3(RbConfig.ruby, *arguments, stdin_data: stdin, chdir: @folder)
  end
end

Minitest.autorun
