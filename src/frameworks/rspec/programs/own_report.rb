# frozen_string_literal: true

require_relative 'report'

module HoldfastRSpec
  # Reports one file of several that run in one process, after all others. The exit code of the run is that of this file, too.
  class OwnReport < Report
    def initialize(path, own)
      super(path)
      @own = File.expand_path(own)
      @others = {}.compare_by_identity # The groups of other files, with the place of their file.
      @is_red = false
    end

    def events
      [*super, :example_group_started, :example_group_finished]
    end

    def status(status)
      @is_red ? status : 0
    end

    # Loads a file and notes its groups. Another file that cannot be loaded is not the concern of this one.
    def loading(file)
      known = RSpec.world.example_groups.size
      yield
    rescue StandardError, ScriptError => error
      raise if own?(file)

      warn("#{file} cannot be loaded: #{error.message}")
    ensure
      note_others(RSpec.world.example_groups.drop(known)) unless own?(file)
    end

    # The groups in the order of their files, also if the project runs its groups in random order.
    def in_order(groups)
      RSpec.configuration.force(fail_fast: false) # The failures of other files are not its concern.
      others, own = groups.partition { |group| @others.key?(group) }
      others.sort_by.with_index { |group, index| [@others[group], index] } + own
    end

    def example_group_started(notification)
      @running = notification.group.parent_groups.last
    end

    def example_group_finished(notification)
      @running = nil if notification.group == @running
    end

    def error_outside(exception, description)
      return if @others.key?(@running)

      @is_red = true
      super
    end

    private

    def own?(file)
      File.expand_path(file) == @own
    end

    def note_others(groups)
      place = @others.size
      groups.each { |group| @others[group] = place }
    end

    def tell_case(example, status, **more)
      return if @others.key?(example.example_group.parent_groups.last)

      @is_red ||= status == 'failed'
      super
    end
  end
end
