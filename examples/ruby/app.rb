# frozen_string_literal: true

# Sign-up, log-in and password reset with Sinatra.

require "json"
require "reset_password"
require "sinatra/base"

ResetPassword.configure do |config|
  config.database_url = ENV.fetch("DATABASE")
  config.reset_url = ENV.fetch("RESET_URL") { "http://127.0.0.1:#{ENV.fetch("PORT")}/reset-password" }
  config.argon2_memory_kib = Integer(ENV["ARGON2_MEMORY_KIB"]) if ENV["ARGON2_MEMORY_KIB"]
end

class App < Sinatra::Base
  Users = ResetPassword::UserManagement
  MOST_BYTES = 64 * 1024

  # A form of another origin is refused. By itself Rack::Protection would only drop the session.
  # From a page without referrers the Origin is "null", so what else the browser says of it counts more.
  set :protection, reaction: :deny,
                   allow_if: ->(env) { %w[same-origin none].include?(env["HTTP_SEC_FETCH_SITE"]) }
  set show_exceptions: false, raise_errors: false, views: File.join(__dir__, "views")

  helpers do
    def h(text)
      Rack::Utils.escape_html(text)
    end

    # One text field of the form.
    def field(name)
      text(name, request.POST)
    end

    def text(name, fields)
      value = fields[name]
      return value if value.is_a?(String) && value.valid_encoding?

      halt 400, erb(:message, locals: { message: "#{name} is missing" })
    end

    # Stands in for a mailer. It works behind the answer, so that this takes the same time for everybody.
    def mail(reset)
      line = JSON.generate(to: reset.email, url: reset.password_reset_url)
      env["rack.after_reply"] << -> { File.write(ENV.fetch("OUTBOX"), "#{line}\n", mode: "a") }
    end
  end

  # Pages with a token stay out of caches, of referrers and of frames.
  before do
    headers "Cache-Control" => "no-store", "Referrer-Policy" => "no-referrer",
            "Content-Security-Policy" => "default-src 'none'; form-action 'self'; frame-ancestors 'none'"
    halt 413 if request.content_length.to_i > MOST_BYTES
  end

  error ResetPassword::OverloadedError, ResetPassword::StorageUnavailableError do |e|
    headers "Retry-After" => (e.retry_after || 1).to_s
    halt 503, erb(:message, locals: { message: "Please try again in a moment" })
  end

  error ResetPassword::RateLimitedError do |e|
    headers "Retry-After" => e.retry_after.to_s if e.retry_after
    halt 429, erb(:message, locals: { message: e.message })
  end

  error ResetPassword::InputInvalidError, ResetPassword::PasswordRejectedError do |e|
    halt 400, erb(:message, locals: { message: "That cannot be used", reasons: e.errors })
  end

  error ResetPassword::EmailNotAvailableError do |e|
    halt 400, erb(:message, locals: { message: "That cannot be used", reasons: [e] })
  end

  get "/healthz" do
    content_type :text
    "ok"
  end

  post "/sign-up" do
    Users.create_user(email: field("email"), password: field("password"))
    status 201
    erb :message, locals: { message: "Your account is there" }
  end

  post "/log-in" do
    Users.authenticate_with_password(email: field("email"), password: field("password"))
    erb :message, locals: { message: "Welcome" }
  rescue ResetPassword::InvalidCredentialsError
    halt 401, erb(:message, locals: { message: "The address or the password is wrong" })
  end

  get "/forgot-password" do
    erb :forgot
  end

  post "/forgot-password" do
    reset = Users.request_password_reset(email: field("email"))
    mail(reset) if reset
    erb :message, locals: { message: "If there is such an account, a link is on its way to it" }
  end

  get "/reset-password" do
    erb :reset, locals: { token: text("token", request.GET) }
  end

  post "/reset-password" do
    token = field("token")
    Users.reset_password(token:, new_password: field("new_password"))
    erb :message, locals: { message: "Your password has been changed" }
  rescue ResetPassword::PasswordRejectedError => e
    halt 400, erb(:reset, locals: { token:, reasons: e.errors })
  rescue ResetPassword::PasswordResetTokenNotFoundError, ResetPassword::PasswordResetTokenExpiredError
    halt 400, erb(:message, locals: { message: "This link cannot be used any more" })
  end
end
