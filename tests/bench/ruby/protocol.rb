# frozen_string_literal: true

require "json"

# What every Ruby contender shares: one JSON request a line in, one JSON answer a line out.
module Protocol
  module_function

  # Runs the block once and answers its own duration in ns with its result.
  def timed
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    result = yield
    [Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond) - start, result]
  end

  # Greets with the versions measured, then answers requests until standard input ends.
  def serve(versions, operations)
    answer({ versions: versions })
    $stdin.each_line do |line|
      request = JSON.parse(line, symbolize_names: true)
      operation = operations.fetch(request.delete(:op).to_sym)
      begin
        answer(operation.call(**request))
      rescue StandardError => e # the orchestrator reports it and stops the run
        answer({ error: "#{e.class}: #{e.message}" })
      end
    end
  end

  def answer(record)
    $stdout.puts(JSON.generate(record))
    $stdout.flush
  end
end
