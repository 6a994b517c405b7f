# frozen_string_literal: true

require 'rspec/core'
require_relative 'report'
require_relative 'selection'

# Runs RSpec as its own command does, and tells what became of it.
module HoldfastRSpec
  class << self
    attr_reader :report, :selection

    # `args` are words for RSpec. Returns the exit code; an `exit` inside a test goes through, and leaves the report without its end.
    def run(args, report:, selection: nil)
      @report = Report.new(report)
      @selection = selection && Selection.new(selection)
      status = RSpec::Core::Runner.run(args, $stderr, $stdout).to_i
      @report.tell(type: 'end')
      status
    end

    # As RSpec's own command sets it up; RSpec looks at that name. Output is written at once: a crash takes nothing of it along.
    def prepare
      $PROGRAM_NAME = 'rspec'
      $stdout.sync = true
      RSpec::Core::Runner.disable_autorun!
      RSpec.configuration.backtrace_exclusion_patterns << /\A#{Regexp.escape(__dir__)}/
    end
  end

  module Running
    # The last moment before the first hook: the files are loaded, and the project's own filters and formatters have had their say.
    def run_specs(groups)
      reporter = RSpec.configuration.reporter
      reporter.register_listener(HoldfastRSpec.report, *Report::EVENTS)
      if HoldfastRSpec.selection
        HoldfastRSpec.report.tell(type: 'left', count: HoldfastRSpec.selection.leave_out(groups))
        return reporter.exit_early(0) if RSpec.world.example_count(groups).zero?
      end
      super
    end
  end
  RSpec::Core::Runner.prepend(Running)

  module Erring
    def notify_non_example_exception(exception, description)
      HoldfastRSpec.report&.error_outside(exception, description)
      super
    end
  end
  RSpec::Core::Reporter.prepend(Erring)
end
