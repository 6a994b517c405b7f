# frozen_string_literal: true

require 'rspec/core'
require_relative 'own_report'
require_relative 'selection'

# Runs RSpec as its own command does, and reports the results.
module HoldfastRSpec
  class << self
    attr_reader :report, :selection

    # Runs RSpec with `args` and returns its exit code. `own`: the only file to report, if the arguments name several. An `exit` inside a
    # test ends the process and leaves the report incomplete.
    def run(args, report:, selection: nil, own: nil)
      @report = own ? OwnReport.new(report, own) : Report.new(report)
      @selection = selection && Selection.new(selection)
      status = RSpec::Core::Runner.run(args, $stderr, $stdout).to_i
      @report.tell(type: 'end')
      @report.status(status)
    end

    # Sets up the process like RSpec's own command; RSpec checks the program name. Unbuffered stdout, so that a crash loses no output.
    def prepare
      $PROGRAM_NAME = 'rspec'
      $stdout.sync = true
      RSpec::Core::Runner.disable_autorun!
      RSpec.configuration.backtrace_exclusion_patterns << /\A#{Regexp.escape(__dir__)}/
    end
  end

  module Running
    # The last moment before the first hook: files are loaded, and the project's own filters and formatters are in place.
    def run_specs(groups)
      reporter = RSpec.configuration.reporter
      reporter.register_listener(HoldfastRSpec.report, *HoldfastRSpec.report.events)
      groups = HoldfastRSpec.report.in_order(groups)
      if HoldfastRSpec.selection
        HoldfastRSpec.report.tell(type: 'left', count: HoldfastRSpec.selection.leave_out(groups))
        return reporter.exit_early(0) if RSpec.world.example_count(groups).zero?
      end
      super(groups)
    end
  end
  RSpec::Core::Runner.prepend(Running)

  module Loading
    private

    def load(file, *)
      HoldfastRSpec.report.loading(file) { super }
    end
  end
  RSpec::Core::Configuration.prepend(Loading)

  module Erring
    def notify_non_example_exception(exception, description)
      HoldfastRSpec.report&.error_outside(exception, description)
      super
    end
  end
  RSpec::Core::Reporter.prepend(Erring)
end
