# frozen_string_literal: true

require_relative 'json_text'

# Writes the events of a run for Holdfast as lines of JSON, immediately, so that examples that ended before a crash are reported. Only the
# last line, `end`, makes the report complete.
module HoldfastRSpec
  # Listens to RSpec's reporter and writes the report to `path`.
  class Report
    def initialize(path)
      @file = File.open(path, 'ab')
      @file.sync = true
      @process = Process.pid
    end

    # Those it listens to.
    def events
      %i[example_passed example_failed example_pending]
    end

    # The exit code of the run, given that of RSpec.
    def status(status)
      status
    end

    def loading(_file)
      yield
    end

    # The groups in the order in which they are to run.
    def in_order(groups)
      groups
    end

    # Writes nothing in a fork made by a test.
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

    # A failure outside of examples: a file that cannot be loaded, or a hook of a group or of the suite.
    def error_outside(exception, description)
      errors = Report.errors_in(exception)
      trace = errors.flat_map { |error| Report.trace_of(error) }
      tell(type: 'error', message: "#{description}\n#{Report.message_of(errors)}", stack: trace.join("\n"))
    end

    class << self
      # Descriptions from the outermost group to the example. An example without one gets that of its matcher while it runs.
      def name_of(example)
        groups = example.example_group.parent_groups.reverse.map(&:description)
        [*groups, example.description].map(&:to_s).reject(&:empty?)
      end

      # An exception may contain several: with `aggregate_failures`, or if a hook fails in addition to its example.
      def errors_in(exception)
        return [exception] unless exception.respond_to?(:all_exceptions)

        exception.all_exceptions.flat_map { |inner| errors_in(inner) }
      end

      def message_of(errors)
        errors.map { |error| text_of(error) }.join("\n\n")
      end

      def text_of(error)
        message = error.message.to_s.strip
        SELF_EXPLANATORY.match?(error.class.name.to_s) ? message : "#{error.class}: #{message}"
      end

      # The part of a backtrace that RSpec shows, which is the project's own code.
      def trace_of(error)
        formatter = RSpec.configuration.backtrace_formatter
        (error.backtrace || []).filter_map { |line| formatter.backtrace_line(line) }.map { |line| "# #{line}" }
      end
    end

    # Names of exceptions whose messages need no class name in front.
    SELF_EXPLANATORY = /\ARSpec::(Expectations|Mocks|Core::Pending)::/
    private_constant :SELF_EXPLANATORY

    private

    def tell_case(example, status, message: nil, stack: nil)
      milliseconds = ((example.execution_result.run_time || 0) * 1000).round(3)
      tell(type: 'case', name: Report.name_of(example), status: status, durationMs: milliseconds, message: message, stack: stack)
    end
  end
end
