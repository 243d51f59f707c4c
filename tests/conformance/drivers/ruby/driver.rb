# frozen_string_literal: true

# The conformance driver for Ruby: one JSON request a line in, one JSON answer a line out.

require "json"
require "reset_password"
require_relative "signatures"

Thread.report_on_exception = false

class Driver
  POSITIONAL = { "open" => "database_url", "get_user" => "id", "get_user_by_email" => "email",
                 "delete_user" => "id", "update_user" => "id",
                 "get_user_by_external_id" => "external_id", "get_password_reset" => "id",
                 "message_failed" => "id", "message_sent" => "id", "unlock_user" => "id" }.freeze
  OPERATIONS = ResetPassword::Operations.public_instance_methods(false).map(&:to_s).freeze

  def initialize
    @handles = {}
  end

  def answer(line)
    request = JSON.parse(line)
    raise "a request is an object" unless request.is_a?(Hash)

    { id: request["id"], **outcome(request) }
  rescue StandardError => e
    { id: request.is_a?(Hash) ? request["id"] : nil, error: failed(e) }
  end

  private

  def outcome(request)
    { ok: canonical(call(request)) }
  rescue ResetPassword::Error => e
    { error: { code: e.code, message: e.message, errors: e.errors.map { |detail| detail.to_h.compact },
               retryable: e.retryable, retry_after: e.retry_after, class: simple(e.class) } }
  rescue TypeError, ArgumentError => e
    warn e.full_message(highlight: false)
    { error: { code: "input_invalid", message: "", errors: [], retryable: false, retry_after: nil,
               class: simple(e.class) } }
  rescue StandardError, NotImplementedError => e
    { error: failed(e) }
  end

  def call(request)
    name = request.fetch("call")
    arguments = request.fetch("arguments", {})
    case name
    when "concurrently" then concurrently(arguments.fetch("calls"))
    when "at"
      wait_until(arguments.fetch("unix_millis"))
      concurrently(arguments.fetch("calls"))
    when "signatures" then Signatures.of_the_installed_gem
    when "codes" then ResetPassword::Error.subclasses.to_h { |type| [type::CODE, simple(type)] }
    when "version" then { package: ResetPassword::VERSION, runtime: "Ruby #{RUBY_VERSION}" }
    when "drop"
      @handles.delete(request.fetch("handle"))&.close
      nil
    when "open"
      positional, keywords = split(name, symbols(arguments))
      @handles[request.fetch("handle")] = ResetPassword::UserManagement.new(*positional, **keywords)
      nil
    else operation(name, request.fetch("handle"), symbols(arguments))
    end
  end

  def operation(name, handle, arguments)
    raise "no such call: #{name}" unless OPERATIONS.include?(name)

    positional, keywords = split(name, arguments)
    @handles.fetch(handle).public_send(name, *positional, **keywords)
  end

  def split(name, arguments)
    first = POSITIONAL[name]&.to_sym
    [arguments.slice(first).values, arguments.except(first)]
  end

  # Each on a thread of its own, which all start when the last is ready.
  def concurrently(calls)
    ready = Queue.new
    start = Queue.new
    threads = calls.map do |request|
      Thread.new do
        ready << true
        start.pop
        outcome(request)
      end
    end
    calls.each { ready.pop }
    start.close
    threads.map(&:value)
  end

  def wait_until(unix_millis)
    left = -> { unix_millis / 1000.0 - Process.clock_gettime(Process::CLOCK_REALTIME) }
    sleep(left.call - 0.001) if left.call > 0.001
    nil while left.call.positive?
  end

  def symbols(arguments)
    arguments.to_h { |name, value| [name.to_sym, special(value)] }
  end

  # The values that JSON has no way to write.
  def special(value)
    case value
    when Array then value.map { |item| special(item) }
    when Hash
      name, content = value.first
      return value.transform_values { |item| special(item) } unless value.size == 1 && name.start_with?("$")

      case name
      when "$utf16" then generalized_utf8(content)
      when "$bytes" then [content].pack("H*").force_encoding(Encoding::UTF_8)
      when "$undefined" then nil
      when "$symbol" then content.to_sym
      when "$float" then { "nan" => Float::NAN, "inf" => Float::INFINITY }.fetch(content) { Float(content) }
      when "$big" then Integer(content)
      when "$repeat" then content[0] * content[1]
      else raise "no such value: #{name}"
      end
    else value
    end
  end

  # UTF-8 in which a surrogate that stands alone has three bytes like any other code point.
  def generalized_utf8(units)
    text = units.pack("n*").force_encoding(Encoding::UTF_16BE)
    text.each_char.map do |character|
      next character.encode(Encoding::UTF_8) if character.valid_encoding?

      character.b.unpack("n*").map { |unit| [unit].pack("U").force_encoding(Encoding::UTF_8) }.join
    end.join
  end

  def canonical(value)
    case value
    when ResetPassword::Record, Hash then value.to_h.transform_values { |item| canonical(item) }
    when Array then value.map { |item| canonical(item) }
    when Time then value.strftime("%Y-%m-%dT%H:%M:%S.%LZ")
    when ResetPassword::UserManagement then nil
    else value
    end
  end

  def failed(error)
    { code: "driver_failed", message: "#{error.class}: #{error.message}" }
  end

  def simple(type)
    type.name.delete_prefix("ResetPassword::")
  end
end

driver = Driver.new
$stdout.sync = true
$stdin.each_line do |line|
  $stdout.puts JSON.generate(driver.answer(line))
end
