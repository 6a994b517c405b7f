# frozen_string_literal: true

require_relative 'json_text'

# The report of a run for Holdfast: a line of JSON for each event, written as it happens, so that what had ended before a crash is known. Only the
# last line, `end`, makes it complete.
module HoldfastRSpec
  # Hears what RSpec tells its formatters. `path` is that of the report.
  class Report
    EVENTS = %i[example_passed example_failed example_pending].freeze

    def initialize(path)
      @file = File.open(path, 'ab')
      @file.sync = true
      @process = Process.pid
    end

    # A copy of this process that a test has made (`fork`) writes nothing.
    def tell(event)
      @file.write("#{JsonText.dump(event)}\n") if Process.pid == @process
    end

    def example_passed(notification)
      tell_case(notification.example, 'passed')
    end

    def example_failed(notification)
      errors = Report.errors_in(notification.exception)
      blocks = errors.one? ? [notification.message_lines.join("\n")] : errors.map { |error| Report.text_of(error) }
      stack = blocks.zip(errors).map { |block, error| [block, *Report.trace_of(error)].join("\n") }
      tell_case(notification.example, 'failed', message: Report.message_of(errors), stack: stack.join("\n\n"))
    end

    def example_pending(notification)
      tell_case(notification.example, 'skipped', message: notification.example.execution_result.pending_message)
    end

    # A failure that belongs to no example: a file that cannot be loaded, a hook of a group or of the suite.
    def error_outside(exception, description)
      errors = Report.errors_in(exception)
      trace = errors.flat_map { |error| Report.trace_of(error) }
      tell(type: 'error', message: "#{description}\n#{Report.message_of(errors)}", stack: trace.join("\n"))
    end

    class << self
      # From the outermost group to the example. One without a description of its own gets that of its matcher while it runs.
      def name_of(example)
        groups = example.example_group.parent_groups.reverse.map(&:description)
        [*groups, example.description].map(&:to_s).reject(&:empty?)
      end

      # One exception may stand for several: `aggregate_failures`, a hook that fails beside its example.
      def errors_in(exception)
        return [exception] unless exception.respond_to?(:all_exceptions)

        exception.all_exceptions.flat_map { |one| errors_in(one) }
      end

      def message_of(errors)
        errors.map { |error| text_of(error) }.join("\n\n")
      end

      def text_of(error)
        message = error.message.to_s.strip
        SAYING_ALL.match?(error.class.name.to_s) ? message : "#{error.class}: #{message}"
      end

      # What RSpec shows of a backtrace: the project's own part.
      def trace_of(error)
        formatter = RSpec.configuration.backtrace_formatter
        (error.backtrace || []).filter_map { |line| formatter.backtrace_line(line) }.map { |line| "# #{line}" }
      end
    end

    # Names of exceptions whose messages need no class before them.
    SAYING_ALL = /\ARSpec::(Expectations|Mocks|Core::Pending)::/
    private_constant :SAYING_ALL

    private

    def tell_case(example, status, message: nil, stack: nil)
      milliseconds = ((example.execution_result.run_time || 0) * 1000).round(3)
      tell(type: 'case', name: Report.name_of(example), status: status, durationMs: milliseconds, message: message, stack: stack)
    end
  end
end
