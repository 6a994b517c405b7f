# frozen_string_literal: true

# Lists the spec files of a project: `ruby list.rb ANSWER ARG…` writes a JSON array of absolute paths to the file ANSWER. Files are loaded
# as by `rspec --dry-run`. A file is listed if it has examples after all filters, or if it cannot be loaded (it then fails when run). Any
# other error fails the listing, since it may have hidden files.

require 'rspec/core'
require_relative 'json_text'

module HoldfastRSpec
  BROKEN = []
  ERRORS = []

  module Loading
    private

    def load(file, *)
      super
    rescue StandardError, ScriptError
      BROKEN << file
      raise
    end
  end
  RSpec::Core::Configuration.prepend(Loading)

  module Erring
    def notify_non_example_exception(exception, description)
      ERRORS << "#{description}\n#{exception.class}: #{exception.message}"
      super
    end
  end
  RSpec::Core::Reporter.prepend(Erring)

  def self.list(args)
    $PROGRAM_NAME = 'rspec' # Under any other name, RSpec has no default path.
    RSpec::Core::Runner.disable_autorun!
    options = RSpec::Core::ConfigurationOptions.new([*args, '--dry-run'])
    RSpec::Core::Runner.new(options).setup($stderr, $stdout)
    give_up if ERRORS.size > BROKEN.size
    examples = RSpec.world.example_groups.flat_map(&:descendants).flat_map(&:filtered_examples)
    [*BROKEN, *examples.map { |example| example.metadata[:rerun_file_path] }].map { |path| File.expand_path(path) }.uniq
  rescue SystemExit
    give_up
  end

  def self.give_up
    $stdout.flush
    $stderr.puts(ERRORS)
    exit!(1)
  end
end

answer, *args = ARGV
ARGV.replace(args)
files = HoldfastRSpec.list(args)
File.write(answer, HoldfastRSpec::JsonText.dump(files))
$stdout.flush
exit!(0) # Skips at_exit hooks of the project, such as coverage checks, which do not apply to a listing.
