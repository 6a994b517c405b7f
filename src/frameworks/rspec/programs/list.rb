# frozen_string_literal: true

# Lists the spec files of a project: `ruby list.rb LISTING ARG…`, where LISTING is JSON. Writes a JSON array of absolute paths to the file
# `answer`. Files are loaded as by `rspec --dry-run`; while one is, its path is in the file `at`. A file is listed if it has examples after
# all filters, if it cannot be loaded (it then fails when run), or if it is `unloaded`, because it ended the process of an earlier call. Any
# other error fails the listing, since it may have hidden files.

require 'rspec/core'
require_relative 'json_text'

module HoldfastRSpec
  BROKEN = []
  ERRORS = []
  LISTING = JsonText.parse(ARGV.shift)

  module Loading
    private

    def load(file, *)
      path = File.expand_path(file)
      return if LISTING['unloaded'].include?(path)

      File.write(LISTING['at'], path)
      super
    rescue Exception => e # An `exit`, too, would end the listing.
      BROKEN << path
      raise e.is_a?(StandardError) || e.is_a?(ScriptError) ? e : "#{e.class}: #{e.message}"
    ensure
      File.write(LISTING['at'], '')
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
    with_examples = examples.map { |example| File.expand_path(example.metadata[:rerun_file_path]) }
    [*LISTING['unloaded'], *BROKEN, *with_examples].uniq
  rescue SystemExit
    give_up
  end

  def self.give_up
    $stdout.flush
    $stderr.puts(ERRORS)
    exit!(1)
  end
end

files = HoldfastRSpec.list(ARGV.dup)
File.write(HoldfastRSpec::LISTING['answer'], HoldfastRSpec::JsonText.dump(files))
$stdout.flush
exit!(0) # Skips at_exit hooks of the project, such as coverage checks, which do not apply to a listing.
