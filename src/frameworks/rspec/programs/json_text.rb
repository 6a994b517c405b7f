# frozen_string_literal: true

# JSON, as far as reports and orders need it. Not the standard library's: a gem that is loaded here is loaded for the tests as well, perhaps in a
# version that their Gemfile does not have, and a `require` that they forgot would not be missed.
module HoldfastRSpec
  module JsonText
    ESCAPED = /["\\\u0000-\u001f]/
    TOKEN = /"(?:[^"\\]|\\.)*"|[\[\]{}]|[^\s,:\[\]{}"]+/
    ESCAPES = { '"' => '\\"', '\\' => '\\\\', "\n" => '\n' }.freeze
    SHORT = { 'b' => "\b", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t" }.freeze
    WORDS = { 'true' => true, 'false' => false, 'null' => nil }.freeze

    module_function

    # Hashes, arrays, strings, numbers, booleans and nil, on one line.
    def dump(value)
      case value
      when Hash then "{#{value.map { |key, one| "#{dump(key.to_s)}:#{dump(one)}" }.join(',')}}"
      when Array then "[#{value.map { |one| dump(one) }.join(',')}]"
      when String then "\"#{utf8(value).gsub(ESCAPED) { |one| ESCAPES[one] || format('\u%04x', one.ord) }}\""
      when nil then 'null'
      else value.to_s
      end
    end

    # What JSON.stringify writes: it leaves characters beyond the basic plane as they are, so there are no surrogate pairs.
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

    # A message may hold bytes of any encoding.
    def utf8(text)
      text = text.dup.force_encoding(Encoding::UTF_8) if text.encoding == Encoding::BINARY
      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
    end
  end
end
