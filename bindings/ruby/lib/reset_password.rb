# frozen_string_literal: true

# Password resets in process: users, tokens and passwords in a database of your own.
module ResetPassword
end

require_relative "reset_password/errors"
require_relative "reset_password/record"
require_relative "reset_password/results"
require_relative "reset_password/native"
require_relative "reset_password/operations"
require_relative "reset_password/options"
require_relative "reset_password/user_management"
require_relative "reset_password/configuration"
