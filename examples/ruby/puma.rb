# frozen_string_literal: true

# What is opened before the fork is used after it: no hook is needed. WEB_CONCURRENCY says how many workers.
environment "production"
bind "tcp://127.0.0.1:#{ENV.fetch("PORT")}"
threads 1, 5
preload_app!
