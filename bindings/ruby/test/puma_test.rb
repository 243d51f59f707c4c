# frozen_string_literal: true

require_relative "test_helper"
require "json"
require "net/http"
require "socket"
require "timeout"

# The example under Puma: loaded once, with its database open, then forked into two workers.
class PumaTest < TestCase
  CONFIG = File.expand_path("../../../examples/ruby/puma.rb", __dir__)
  PATIENCE = 60

  def setup
    super
    @port = TCPServer.open("127.0.0.1", 0) { |server| server.addr[1] }
    @outbox = File.join(@folder, "outbox")
    @output, output = IO.pipe
    settings = { "DATABASE" => @database, "PORT" => @port.to_s, "OUTBOX" => @outbox, "WEB_CONCURRENCY" => "2",
                 "ARGON2_MEMORY_KIB" => "12288" }
    @puma = spawn(settings, "puma", "--config", CONFIG, File.join(__dir__, "puma", "config.ru"), %i[out err] => output)
    output.close
    @said = +""
    Timeout.timeout(PATIENCE) do
      @said << @output.readline until @said.scan(/Worker \d \(PID: \d+\) booted/).length == 2
    end
  end

  def teardown
    Process.kill("TERM", @puma)
    @said << @output.read
    Process.wait(@puma)
    @output.close
    super
  end

  def test_workers_share_what_was_opened_before_they_were_forked
    assert_equal "201", post("/sign-up", email: EMAIL, password: PASSWORD).code
    from_both_workers("/log-in", email: EMAIL, password: PASSWORD) { |answer| assert_equal "200", answer.code }

    assert_equal "200", post("/forgot-password", email: EMAIL).code
    url = Timeout.timeout(PATIENCE) do
      sleep 0.01 until File.size?(@outbox)
      URI(JSON.parse(File.read(@outbox)).fetch("url"))
    end
    token = URI.decode_www_form(url.query).to_h.fetch("token")
    answers = Array.new(6) do |index|
      Thread.new { post("/reset-password", token:, new_password: "#{NEW_PASSWORD} #{index}").code }
    end
    codes = answers.map(&:value)
    assert_equal({ "200" => 1, "400" => 5 }, codes.tally)

    # Once: after six wrong passwords the address has to wait.
    assert_equal "401", post("/log-in", email: EMAIL, password: PASSWORD).code
    from_both_workers("/log-in", email: EMAIL, password: "#{NEW_PASSWORD} #{codes.index("200")}") do |answer|
      assert_equal "200", answer.code
    end
    [token, PASSWORD, NEW_PASSWORD].each { |secret| refute_includes @said, secret }
  end

  private

  def post(path, **fields)
    Net::HTTP.post_form(URI("http://127.0.0.1:#{@port}#{path}"), fields)
  end

  # Asks until each worker has answered, and yields every answer.
  def from_both_workers(path, **fields)
    workers = {}
    Timeout.timeout(PATIENCE) do
      until workers.length == 2
        answers = Array.new(2) { Thread.new { post(path, **fields) } }.map(&:value)
        answers.each do |answer|
          yield answer
          workers[answer["X-Worker"]] = true
        end
      end
    end
    refute_includes workers.keys, @puma.to_s
  end
end
