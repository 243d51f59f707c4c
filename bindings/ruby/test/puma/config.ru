# frozen_string_literal: true

# The example application, with the worker that answered in a header.

require_relative "../../../../examples/ruby/app"

run lambda { |env|
  status, headers, body = App.call(env)
  [status, headers.merge("X-Worker" => Process.pid.to_s), body]
}
