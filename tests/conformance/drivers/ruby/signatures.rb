# frozen_string_literal: true

require "rbs"

# The signatures of the operations, from the RBS files of the installed gem. Each is held against the real
# method: one that has other parameters is an error.
module Signatures
  module_function

  def of_the_installed_gem
    folder = File.join(Gem.loaded_specs.fetch("reset-password").full_gem_path, "sig")
    builder = definitions(folder)
    operations = builder.build_instance(type_name("Operations")).methods
    signatures = ResetPassword::Operations.public_instance_methods(false).sort.to_h do |name|
      [name, signature(operations.fetch(name), ResetPassword::UserManagement.instance_method(name))]
    end
    constructor = builder.build_instance(type_name("UserManagement")).methods.fetch(:initialize)
    opened = signature(constructor, ResetPassword::UserManagement.instance_method(:initialize))
    signatures.merge(open: { **opened, returns: "UserManagement" })
  end

  def definitions(folder)
    loader = RBS::EnvironmentLoader.new
    loader.add(library: "pathname")
    loader.add(path: Pathname(folder))
    RBS::DefinitionBuilder.new(env: RBS::Environment.from_loader(loader).resolve_type_names)
  end

  def type_name(name)
    RBS::TypeName.new(name: name.to_sym, namespace: RBS::Namespace.parse("::ResetPassword"))
  end

  def signature(definition, method)
    function = definition.method_types.first.type
    parameters =
      function.required_positionals.map { |parameter| described(parameter.name, parameter, true) } +
      function.required_keywords.map { |name, parameter| described(name, parameter, true) } +
      function.optional_keywords.map { |name, parameter| described(name, parameter, false) }
    real = method.parameters.map { |kind, name| { name:, required: %i[req keyreq].include?(kind) } }
    described = parameters.map { |parameter| parameter.slice(:name, :required) }
    raise "#{method.name}: #{described} in RBS, #{real} in Ruby" unless described == real

    { parameters:, returns: written(function.return_type) }
  end

  def described(name, parameter, required)
    { name:, required:, type: written(parameter.type) }
  end

  # As RBS writes it, without the module.
  def written(type)
    type.to_s.gsub("::ResetPassword::", "").gsub("::", "")
  end
end
