# frozen_string_literal: true

module ResetPassword
  # What all results are: frozen, equal by their fields, matched by patterns, shown without secrets.
  class Record
    class << self
      # @return [Array<Symbol>] the names of the fields, in order
      attr_reader :fields

      private

      # Declares the fields, with a constructor of keywords and a reader each.
      def declare(*fields, secret: [])
        @fields = fields.freeze
        @secret = secret.freeze
        attr_reader(*fields)

        keywords = fields.map { |field| "#{field}:" }.join(", ")
        assignments = fields.map { |field| "@#{field} = #{field}" }.join("; ")
        class_eval("def initialize(#{keywords}); #{assignments}; freeze; end", __FILE__, __LINE__)
      end
    end

    # The fields by name, with results within results as hashes too.
    # @return [Hash{Symbol => Object}]
    def to_h
      deconstruct_keys(nil).transform_values do |value|
        case value
        when Record then value.to_h
        when Array then value.map { |item| item.is_a?(Record) ? item.to_h : item }
        else value
        end
      end
    end

    # For pattern matching: `case user in { email:, email_verified: true }`.
    # @param keys [Array<Symbol>, nil] the fields that are wanted, or nil for all
    # @return [Hash{Symbol => Object}]
    def deconstruct_keys(keys)
      fields = self.class.fields
      fields &= keys if keys
      fields.to_h { |field| [field, public_send(field)] }
    end

    # @param other [Object]
    # @return [Boolean] whether it is of the same class and has equal fields
    def ==(other)
      other.instance_of?(self.class) && deconstruct_keys(nil) == other.deconstruct_keys(nil)
    end
    alias eql? ==

    # @return [Integer] equal for equal results
    def hash
      [self.class, deconstruct_keys(nil)].hash
    end

    # @return [String] class and fields; `[redacted]` for tokens and links
    def inspect
      secret = self.class.instance_variable_get(:@secret)
      shown = deconstruct_keys(nil).map do |field, value|
        "#{field}=#{secret.include?(field) ? "[redacted]" : value.inspect}"
      end
      "#<#{self.class} #{shown.join(", ")}>"
    end
    alias to_s inspect
  end
end
