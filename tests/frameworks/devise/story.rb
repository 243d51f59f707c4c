# A reset in Devise's own table: story.rb sqlite|postgres|mysql plain|pepper, on the database at STORY_URL.

require "fileutils"
require "logger"
require "tmpdir"
require "uri"
require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "action_mailer/railtie"
require "devise"
require "rack/test"
require "reset_password"

KIND, PEPPER = ARGV[0], (ARGV[1] == "pepper" ? "a pepper of this application" : nil)
URL = ENV.fetch("STORY_URL")
OLD = "a long walk by the sea"
NEW = "seven green boats at dusk"
ELSEWHERE = "nine red kites over the hill"

# The database as Active Record calls it, made first where it is on a server.
def new_database
  return { adapter: "sqlite3", database: URL } if KIND == "sqlite"

  parts = URI.parse(URL)
  server = { host: parts.host, port: parts.port, username: parts.user, password: parts.password }
  server.merge!(KIND == "postgres" ? { adapter: "postgresql", database: "postgres" } : { adapter: "mysql2", encoding: "utf8mb4" })
  ActiveRecord::Base.establish_connection(server)
  ActiveRecord::Base.connection.create_database(parts.path.delete_prefix("/"))
  server.merge(database: parts.path.delete_prefix("/"))
end

def drop_database(database)
  return if KIND == "sqlite"

  ActiveRecord::Base.connection_pool.disconnect!
  ActiveRecord::Base.establish_connection(database.merge(database: KIND == "postgres" ? "postgres" : nil))
  return ActiveRecord::Base.connection.drop_database(database[:database]) if KIND == "mysql"

  # The engine's own connections are still there.
  ActiveRecord::Base.connection.execute("DROP DATABASE #{database[:database]} WITH (FORCE)")
end

class Application < Rails::Application
  config.root = __dir__
  config.load_defaults 6.1
  config.eager_load = false
  config.secret_key_base = "x" * 64
  config.logger = Logger.new(IO::NULL)
  config.hosts.clear
  config.action_mailer.delivery_method = :test
  config.action_mailer.default_url_options = { host: "x" }
end

require "devise/orm/active_record"

Devise.setup do |config|
  config.stretches = 12
  config.pepper = PEPPER
  config.secret_key = "y" * 64
  config.mailer_sender = "app@example.org"
end

DATABASE = new_database
# Rails wants to be told of one before it starts; the real one is set again behind it.
ENV["DATABASE_URL"] = "sqlite3::memory:"
ActiveRecord::Base.establish_connection(DATABASE)
ActiveRecord::Base.logger = nil
ActiveRecord::Migration.verbose = false
Application.initialize!
ActiveRecord::Base.establish_connection(DATABASE)

# Devise's own template, with what recoverable, rememberable, confirmable and lockable add.
class CreateUsers < ActiveRecord::Migration[6.1]
  def change
    create_table :users do |t|
      t.string :email, null: false, default: ""
      t.string :encrypted_password, null: false, default: ""
      t.string :reset_password_token
      t.datetime :reset_password_sent_at
      t.datetime :remember_created_at
      t.string :confirmation_token
      t.datetime :confirmed_at
      t.datetime :confirmation_sent_at
      t.integer :failed_attempts, default: 0, null: false
      t.string :unlock_token
      t.datetime :locked_at
      t.timestamps null: false
    end
    add_index :users, :email, unique: true
    add_index :users, :reset_password_token, unique: true
  end
end
CreateUsers.migrate(:up)

class User < ActiveRecord::Base
  devise :database_authenticatable, :recoverable, :rememberable, :confirmable, :lockable
end

class ApplicationController < ActionController::Base; end

# Devise's own login, which answers a program.
class SessionsController < Devise::SessionsController
  def respond_with(*) = head(current_user ? 200 : 401)
end

class MeController < ActionController::Base
  before_action :authenticate_user!

  def show = render(plain: current_user.email)
end

# Writes the files of docs/guides/devise.md into a folder.
def of_the_guide(folder)
  guide = File.read(File.expand_path("../../../docs/guides/devise.md", __dir__))
  guide.scan(/```(?:ruby|erb)\n(?:#|<!--) (\S+)(?: -->)?\n(.*?)```/m) do |name, text|
    FileUtils.mkdir_p(File.dirname(File.join(folder, name)))
    File.write(File.join(folder, name), text)
  end
end

GUIDE = Dir.mktmpdir
at_exit { FileUtils.rm_rf(GUIDE) }
of_the_guide(GUIDE)
ENV["RESET_PASSWORD_DATABASE"] = URL
ENV["RESET_PASSWORD_KEY"] = "0123456789abcdef" * 4
%w[config/initializers/resets app/mailers/reset_mailer app/controllers/resets_controller].each { |name| require File.join(GUIDE, name) }
ActionController::Base.prepend_view_path(File.join(GUIDE, "app/views"))
ActiveJob::Base.queue_adapter = :inline
ActiveJob::Base.logger = nil

ActionController::Base.allow_forgery_protection = false
Rails.application.routes.disable_clear_and_finalize = true
require File.join(GUIDE, "config/routes")
Rails.application.routes.draw do
  devise_for :users, only: :sessions, controllers: { sessions: "sessions" }, defaults: { format: :json }
  get "/me" => "me#show", defaults: { format: :json }
end
Devise.class_variable_set(:@@warden_configured, nil)
Devise.configure_warden!

# A browser, with its cookies.
class Browser
  include Rack::Test::Methods

  def app = Rails.application

  def log_in(email, password, remember: false)
    post("/users/sign_in", { user: { email: email, password: password, remember_me: remember ? "1" : "0" } })
    last_response.status == 200
  end

  def alive?
    get("/me")
    last_response.status == 200
  end
end

def check(what, is_so) = is_so || raise("not so: #{what}")

def refused(code)
  yield
rescue ResetPassword::Error => error
  check("#{error.code} is #{code}", error.code == code)
else
  raise "it was not refused with #{code}"
end

def logs_in?(email, password) = Browser.new.log_in(email, password)

def story
  anna, bob = [" Anna@Example.org ", "bob@example.org"].map do |email|
    User.create!(email: email, password: OLD, confirmed_at: Time.now)
  end
  session, remembered, bobs = Browser.new, Browser.new, Browser.new
  session.log_in("anna@example.org", OLD)
  remembered.log_in("anna@example.org", OLD, remember: true)
  bobs.log_in("bob@example.org", OLD)
  check("the session lives", session.alive? && remembered.alive? && bobs.alive?)
  own_link = anna.send(:set_reset_password_token)
  anna.update_columns(confirmed_at: nil, locked_at: Time.now)

  users = ResetPassword::UserManagement.new(
    URL, key: "0123456789abcdef" * 4, users: "devise", pepper: PEPPER, argon2_memory_kib: 19_456, argon2_iterations: 2
  )
  check("found", users.get_user_by_email("ANNA@example.org").id == anna.id.to_s)
  reset = users.request_password_reset(email: "anna@Example.org")
  check("the stored address", reset.email == "anna@example.org")
  check("nobody", users.request_password_reset(email: "nobody@example.org").nil?)
  token = reset.password_reset_token
  refused("password_rejected") { users.reset_password(token: token, new_password: "ä" * 37) }
  users.reset_password(token: token, new_password: NEW)
  refused("password_reset_token_not_found") { users.reset_password(token: token, new_password: NEW) }

  written = anna.reload.encrypted_password
  check("the form", written.start_with?("$2a$12$"))
  check("verified and unlocked", anna.confirmed_at && anna.locked_at.nil?)
  check("sessions ended", !session.alive? && !remembered.alive? && bobs.alive?)
  check("Devise's own link ended", User.with_reset_password_token(own_link).nil?)
  check("the new password alone", logs_in?("anna@example.org", NEW) && !logs_in?("anna@example.org", OLD))
  check("the hash stays", anna.reload.encrypted_password == written)
  user = users.authenticate_with_password(email: "anna@example.org", password: NEW)
  check("our login", user.id == anna.id.to_s)
  events = users.events.data.map(&:event)
  check("events: #{events}", events == %w[password_reset.created password_reset.succeeded])

  # What Devise does between the link and its redemption.
  token = users.create_password_reset(email: "bob@example.org").password_reset_token
  bob.update!(password: ELSEWHERE)
  refused("password_reset_token_not_found") { users.reset_password(token: token, new_password: NEW) }
  token = users.create_password_reset(email: "bob@example.org").password_reset_token
  bob.update_columns(email: "bobby@example.org")
  refused("password_reset_token_not_found") { users.reset_password(token: token, new_password: NEW) }
  check("Devise's own change holds", bob.reload.valid_password?(ELSEWHERE))
  bob.update_columns(encrypted_password: "")
  refused("user_not_found") { users.create_password_reset(email: "bobby@example.org") }
  refused("user_not_found") { users.get_user_by_email("Änna@example.org") }
  refused("unsupported") { users.create_user(email: "new@example.org") }
end

# The guide's own controller: a form, a mail, a page.
def pages
  User.create!(email: "dora@example.org", password: OLD, confirmed_at: Time.now)
  browser = Browser.new
  answers = %w[nobody@example.org dora@example.org].map { |email| browser.post("/forgot", { email: email }).body }
  check("one answer", answers.uniq.length == 1)
  check("no address", browser.post("/forgot", { email: "x" }).status == 422)
  mails = ActionMailer::Base.deliveries
  check("one mail", mails.map(&:to) == [["dora@example.org"]])
  token = mails.first.body.to_s[/token=(\S{43})$/, 1]
  2.times do
    check("the token leaves the address", browser.get("/reset", { token: token }).location.end_with?("/reset"))
    check("the form", browser.get("/reset").body.include?("new-password"))
  end
  check("reasons", browser.post("/reset", { password: "short" }).body.include?("characters"))
  check("done", browser.post("/reset", { password: NEW }).status == 200)
  check("the login", logs_in?("dora@example.org", NEW) && !logs_in?("dora@example.org", OLD))
  browser.get("/reset", { token: token })
  check("dead", browser.get("/reset").status == 404)
end

begin
  story
  pages
ensure
  drop_database(DATABASE)
end
