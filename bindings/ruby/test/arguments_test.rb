# frozen_string_literal: true

require_relative "test_helper"

class ArgumentsTest < TestCase
  include ResetPassword

  def setup
    super
    @users = open
  end

  WRONG_TEXTS = [nil, :token, 1, 1.5, true, ["x"], { "x" => 1 }, Object.new].freeze

  def test_a_text_is_a_string
    WRONG_TEXTS.each do |wrong|
      assert_raises(TypeError, wrong.inspect) { @users.get_user(wrong) }
      assert_raises(TypeError, wrong.inspect) { @users.create_user(email: wrong) }
      assert_raises(TypeError, wrong.inspect) { @users.reset_password(token: wrong, new_password: PASSWORD) }
      assert_raises(TypeError, wrong.inspect) { @users.reset_password(token: UNKNOWN_TOKEN, new_password: wrong) }
      assert_raises(TypeError, wrong.inspect) { UserManagement.new(wrong) }
      next if wrong.nil?

      assert_raises(TypeError, wrong.inspect) { @users.create_user(email: EMAIL, name: wrong) }
      assert_raises(TypeError, wrong.inspect) { @users.list_users(order: wrong) }
      assert_raises(TypeError, wrong.inspect) { open(key_file: wrong) }
    end
    assert_empty @users.list_users.data, "nothing was done"
    stringlike = Class.new { def to_str = "user_x" }.new
    assert_raises(UserNotFoundError) { @users.get_user(stringlike) }
  end

  def test_a_number_is_an_integer
    [1.5, 1.0, Float::NAN, "1", :one, true, 1r, [1]].each do |wrong|
      assert_raises(TypeError, wrong.inspect) { @users.purge(limit: wrong) }
      assert_raises(TypeError, wrong.inspect) { open(token_lifetime: wrong) }
    end
    [-1, 0, 10**30, -(10**30), 2**63, -(2**63), 2**62].each do |wrong|
      assert_raises(InputInvalidError, wrong.inspect) { @users.events(limit: wrong) }
      assert_raises(ConfigInvalidError, wrong.inspect) { open(token_lifetime: wrong) }
    end
  end

  def test_a_boolean_is_true_or_false
    [0, 1, "true", "", :true, [], Object.new].each do |wrong|
      assert_raises(TypeError, wrong.inspect) { @users.create_user(email: EMAIL, email_verified: wrong) }
      assert_raises(TypeError, wrong.inspect) { open(migrate: wrong) }
    end
  end

  def test_lists_and_hashes_are_of_strings
    ["x", 1, { "x" => "y" }, [1], [nil], [:x]].each do |wrong|
      assert_raises(TypeError, wrong.inspect) { open(service_names: wrong) }
      assert_raises(TypeError, wrong.inspect) { open(previous_keys: wrong) }
    end
    ["x", 1, [["x", "y"]], { plan: "pro" }, { "plan" => :pro }, { "plan" => nil }, { 1 => "x" }].each do |wrong|
      assert_raises(TypeError, wrong.inspect) { @users.create_user(email: EMAIL, metadata: wrong) }
    end
    assert_empty @users.list_users.data
  end

  def test_what_is_missing_or_unknown_is_an_argument_error
    assert_raises(ArgumentError) { @users.reset_password(token: UNKNOWN_TOKEN) }
    assert_raises(ArgumentError) { @users.reset_password(UNKNOWN_TOKEN, PASSWORD) }
    assert_raises(ArgumentError) { @users.get_user }
    assert_raises(ArgumentError) { @users.create_user(email: EMAIL, nickname: "Ada") }
    assert_raises(ArgumentError) { UserManagement.new }
    assert_raises(ArgumentError) { UserManagement.new(@database, keyfile: "x") }
    assert_raises(ArgumentError) { User.new(id: "user_x") }
  end

  def test_nil_is_as_if_left_out
    user = @users.create_user(email: EMAIL, password: nil, email_verified: nil, metadata: nil, name: "Ada")
    assert_equal [{}, false], [user.metadata, user.email_verified]
    assert_equal "Ada", @users.update_user(user.id, name: nil).name
    assert_equal 1, @users.list_users(email: nil, limit: nil, before: nil, after: nil, order: nil).data.length
    assert_instance_of UserManagement, UserManagement.new(@database, key: nil, previous_keys: nil, migrate: nil)
  end

  def test_texts_count_by_their_bytes
    name = "Zoë 🚢 \u05D0"
    [name, name.b, name.encode("UTF-16LE"), name.encode("UTF-16"), name.encode("UTF-32BE"), name.dup.freeze,
     Class.new(String).new(name)].each_with_index do |text, index|
      user = @users.create_user(email: "u#{index}@example.com", name: text)
      assert_equal [name, Encoding::UTF_8], [user.name, user.name.encoding]
    end
    latin = @users.create_user(email: EMAIL.encode("US-ASCII"), name: "Zo\xEB".dup.force_encoding("ISO-8859-1"))
    assert_equal [EMAIL, "Zoë"], [latin.email, latin.name]
    shift = @users.update_user(latin.id, name: "日本".encode("Shift_JIS"), metadata: { "é".encode("UTF-16BE") => "ü".b })
    assert_equal ["日本", { "é" => "ü" }], [shift.name, shift.metadata]
  end

  NOT_UNICODE = ["\xFF", "a\xFFb".b, "\xED\xA0\x80", "\xC0\xAF", "\x00\xD8a\x00".dup.force_encoding("UTF-16LE"),
                 "\x00\x11\x00\x00".dup.force_encoding("UTF-32BE"), "+2AA-".dup.force_encoding("UTF-7"),
                 "\x81".dup.force_encoding("Shift_JIS")].freeze

  def test_what_is_not_unicode_is_refused_where_it_is_read
    @users.create_user(email: EMAIL, password: PASSWORD)
    NOT_UNICODE.each do |text|
      shown = text.inspect
      assert_raises(InputInvalidError, shown) { @users.create_user(email: text) }
      assert_raises(InputInvalidError, shown) { @users.create_user(email: "x@example.com", name: text) }
      assert_raises(InputInvalidError, shown) { @users.create_user(email: "x@example.com", metadata: { text => "x" }) }
      assert_raises(UserNotFoundError, shown) { @users.get_user(text) }
      assert_raises(PasswordResetTokenNotFoundError, shown) { @users.reset_password(token: text, new_password: PASSWORD) }
      assert_raises(InvalidCredentialsError, shown) { @users.authenticate_with_password(email: EMAIL, password: text) }
      assert_raises(ConfigInvalidError, shown) { UserManagement.new(text) }
      assert_equal ["password_invalid_characters"], @users.check_password(password: text).errors.map(&:code), shown
    end
  end
end
