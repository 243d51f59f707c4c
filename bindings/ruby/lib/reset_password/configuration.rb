# frozen_string_literal: true

module ResetPassword
  # What {ResetPassword.configure} is given: `database_url` and the options of {UserManagement#initialize}.
  Configuration = Struct.new(:database_url, *OPTIONS, keyword_init: true) do
    # @return [String] the class alone: the key is a secret
    def inspect
      "#<#{self.class}>"
    end
    alias to_s inspect
  end

  class << self
    # Opens the database that the methods of the class {UserManagement} work on, once, where the
    # application starts. Takes keywords, or a block that sets them, or both. A second call takes the place
    # of the first.
    #
    #     ResetPassword.configure(database_url: "storage/users.db")
    #
    # @param options [Hash] `database_url` and the options of {UserManagement#initialize}
    # @yieldparam configuration [Configuration]
    # @return [nil]
    # @raise [ConfigInvalidError] with a sentence that says how to mend it
    def configure(**options)
      configuration = Configuration.new(**options)
      yield configuration if block_given?
      options = configuration.to_h
      database_url = options.delete(:database_url)
      raise ArgumentError, "missing keyword: :database_url" if database_url.nil?

      replaced = @user_management
      @user_management = UserManagement.new(database_url, **options)
      replaced&.close
      nil
    end

    # @return [UserManagement] what {configure} opened
    # @raise [ConfigInvalidError] when it was not called
    def user_management
      @user_management or
        raise ConfigInvalidError, "ResetPassword.configure(database_url: ...) has to be called first"
    rescue Ractor::IsolationError
      raise Ractor::UnsafeError, "ResetPassword::UserManagement is for the main Ractor only"
    end
  end
end
