# frozen_string_literal: true

require_relative "test_helper"

# The README's snippets, run as written.
class ReadmeTest < TestCase
  README = File.join(Gem.loaded_specs.fetch("reset-password").full_gem_path, "README.md")

  def test_the_snippets_run
    snippets = File.read(README).scan(/^```ruby\n(.*?)^```$/m).flatten
    assert_equal 2, snippets.length
    out, err, status = ruby("-", stdin: snippets.join)
    assert status.success?, err
    assert_empty err
    assert_equal <<~TEXT, out
      mail to ada@example.com: https://example.com/reset-password?token=...
      use at least 15 characters
      choose a password that is harder to guess, such as a few unrelated words
      ada@example.com is verified: true
      the e-mail address or the password is wrong
    TEXT
  end
end
