# frozen_string_literal: true

require_relative "test_helper"
require "rbs"

# The signatures of the installed gem against its real methods, both ways.
class SignaturesTest < TestCase
  SIG = File.join(Gem.loaded_specs.fetch("reset-password").full_gem_path, "sig")

  def setup
    super
    loader = RBS::EnvironmentLoader.new
    loader.add(library: "pathname")
    loader.add(path: Pathname(SIG))
    @environment = RBS::Environment.from_loader(loader).resolve_type_names
    @builder = RBS::DefinitionBuilder.new(env: @environment)
    @names = @environment.class_decls.keys.select { |name| ours?(name.to_s) }
  end

  def test_every_class_and_constant_is_described_and_is_there
    described = (@names + @environment.constant_decls.keys).map(&:to_s).select { |name| ours?(name) }
    types = ResetPassword.constants.map { |name| "::ResetPassword::#{name}" }
    codes = [ResetPassword::Error, *ResetPassword::Error.subclasses].map { |type| "::#{type}::CODE" }
    assert_equal ["::ResetPassword", *types, *codes].sort, described.sort
  end

  def test_every_method_and_parameter_is_described_and_is_there
    checked = 0
    @names.each do |name|
      type = Object.const_get(name.to_s)
      singleton = type.singleton_methods(false).to_h { |method| [method, type.method(method).unbind] }
      checked += compare(name, @builder.build_singleton(name), singleton)

      visible = type.public_instance_methods(false) + type.private_instance_methods(false).grep(:initialize)
      checked += compare(name, @builder.build_instance(name), visible.to_h { |method| [method, type.instance_method(method)] })
    end
    assert_operator checked, :>=, 100
  end

  def test_the_options_of_configure_are_those_of_a_configuration
    members = ResetPassword::Configuration.members
    configure = @builder.build_singleton(RBS::TypeName.new(name: :ResetPassword, namespace: RBS::Namespace.root)).methods.fetch(:configure)
    assert_equal members, configure.method_types.first.type.optional_keywords.keys
    opened = ResetPassword::UserManagement.instance_method(:initialize).parameters.map(&:last)
    assert_equal opened, members
  end

  def test_the_ancestors_are_as_described
    @names.each do |name|
      type = Object.const_get(name.to_s)
      instance = @builder.ancestor_builder.instance_ancestors(name).ancestors
      assert_equal ours(type.ancestors), ours(instance.map(&:name)), name
      next unless type.is_a?(Class)

      singleton = @builder.ancestor_builder.singleton_ancestors(name).ancestors.grep(RBS::Definition::Ancestor::Instance)
      assert_equal ours(type.singleton_class.included_modules), ours(singleton.map(&:name)), name
    end
  end

  private

  # Compares what a type itself declares and has; returns how many methods those are.
  def compare(name, definition, real)
    described = definition.methods.select { |_, method| ours?(method.implemented_in.to_s) && method.implemented_in == name }
    # `new` is described by `initialize`. A Struct and its class make these from the names of its fields.
    described.delete(:new)
    real.delete_if { |method, _| %i[new [] members keyword_init? inspect].include?(method) } if real.key?(:keyword_init?)
    assert_equal real.keys.sort, described.keys.sort, name
    real.each do |method, ruby|
      described[method].method_types.each do |type|
        expected = method.end_with?("=") ? [:req] : parameters_of(type.type)
        assert_equal expected, method.end_with?("=") ? ruby.parameters.map(&:first) : parameters(ruby), "#{name} #{method}"
      end
    end
    real.length
  end

  def parameters(method)
    return ResetPassword::Configuration.members.map { |name| [:key, name] } if method.name == :configure

    method.parameters.reject { |kind, _| kind == :block }
  end

  def parameters_of(function)
    function.required_positionals.map { |one| [:req, one.name] } +
      function.optional_positionals.map { |one| [:opt, one.name] } +
      function.required_keywords.keys.map { |one| [:keyreq, one] } +
      function.optional_keywords.keys.map { |one| [:key, one] }
  end

  def ours(types)
    types.map { |type| "::#{type.to_s.delete_prefix("::")}" }.select { |name| ours?(name) }
  end

  def ours?(name)
    name == "::ResetPassword" || name.start_with?("::ResetPassword::")
  end
end
