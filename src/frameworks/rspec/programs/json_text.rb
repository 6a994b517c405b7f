# frozen_string_literal: true

# The subset of JSON that reports and orders need. Does not use the json gem: it would be loaded for the tests too, perhaps in a version
# other than that of their Gemfile, and would hide a missing `require`.
module HoldfastRSpec
  module JsonText
    ESCAPED = /["\\\u0000-\u001f]/
    TOKEN = /"(?:[^"\\]|\\.)*"|[\[\]{}]|[^\s,:\[\]{}"]+/
    ESCAPES = { '"' => '\\"', '\\' => '\\\\', "\n" => '\n' }.freeze
    SHORT = { 'b' => "\b", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t" }.freeze
    WORDS = { 'true' => true, 'false' => false, 'null' => nil }.freeze

    module_function

    # Serialises hashes, arrays, strings, numbers, booleans and nil on one line.
    def dump(value)
      case value
      when Hash then "{#{value.map { |key, item| "#{dump(key.to_s)}:#{dump(item)}" }.join(',')}}"
      when Array then "[#{value.map { |item| dump(item) }.join(',')}]"
      when String then "\"#{utf8(value).gsub(ESCAPED) { |char| ESCAPES[char] || format('\u%04x', char.ord) }}\""
      when nil then 'null'
      else value.to_s
      end
    end

    # Parses the output of JSON.stringify, which does not escape characters outside the BMP, so there are no surrogate pairs.
    def parse(text)
      value_of(text.dup.force_encoding(Encoding::UTF_8).scan(TOKEN))
    end

    def value_of(tokens)
      token = tokens.shift
      case token
      when '{' then Hash[*members_of(tokens, '}')]
      when '[' then members_of(tokens, ']')
      when /\A"/ then string_of(token)
      else WORDS.fetch(token) { token.match?(/\A-?\d+\z/) ? token.to_i : token.to_f }
      end
    end

    def members_of(tokens, closing)
      members = []
      members << value_of(tokens) until tokens.first == closing
      tokens.shift
      members
    end

    def string_of(token)
      token[1..-2].gsub(/\\(?:u(\h{4})|(.))/m) { $1 ? [$1.hex].pack('U') : SHORT.fetch($2, $2) }
    end

    # Messages may contain bytes in any encoding.
    def utf8(text)
      text = text.dup.force_encoding(Encoding::UTF_8) if text.encoding == Encoding::BINARY
      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
    end
  end
end
