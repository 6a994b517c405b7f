# frozen_string_literal: true

require_relative 'rspec_run'
require_relative 'preload'

module HoldfastRSpec
  # Runs the file of an order in a fork and returns how the fork ended. The fork closes `channels`, which it does not use.
  module Forked
    class << self
      def run(order, channels)
        cpu_before = cpu_ms
        child = fork { run_here(order, channels) }
        _, status = Process.wait2(child)
        return { kind: 'signalled', signal: status.termsig } if status.signaled?

        { kind: 'exited', exitCode: status.exitstatus, cpuMs: cpu_ms - cpu_before }
      end

      private

      # Exits as RSpec's own command would.
      def run_here(order, channels)
        channels.each(&:close)
        ENV.update(order.fetch('env'))
        Preload.renew
        options = order.fetch('options')
        status = HoldfastRSpec.run(options.fetch('args'), report: options.fetch('report'), selection: options['selection'])
        exit(status) unless status.zero?
      end

      # CPU time in ms of all forks so far.
      def cpu_ms
        times = Process.times
        ((times.cutime + times.cstime) * 1000).round
      end
    end
  end
end
