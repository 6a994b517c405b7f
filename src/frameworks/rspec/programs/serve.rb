# frozen_string_literal: true

# A process that has RSpec loaded, and what the project requires for every run (`--require`), and forks for each order: what a file does ends with it.
# Its words are those for RSpec.
#
# The messages on descriptor 3 are those of ../../pool/protocol.ts, each order for one file; its options are "args" for RSpec, the file among them,
# "report", where the report goes, and "selection", the cases that are asked for, if not all.

require_relative 'rspec_run'
require_relative 'preload'

module HoldfastRSpec
  CHANNEL = 3

  class Server
    def initialize
      @orders = IO.for_fd(CHANNEL, 'rb', autoclose: false)
      @answers = IO.for_fd(CHANNEL, 'wb', autoclose: false)
      @answers.sync = true
    end

    def serve
      while (line = @orders.gets)
        answer(answer_to(JsonText.parse(line)))
      end
    end

    private

    def answer_to(order)
      return cannot('its session only runs files') unless order.fetch('kind') == 'run'
      return cannot('this Ruby has no fork') unless Process.respond_to?(:fork)

      file, = order.fetch('files')
      child = fork { run(order) }
      _, status = Process.wait2(child)
      kill_what_is_left
      ended = status.signaled? ? { kind: 'signalled', signal: status.termsig } : { kind: 'exited', exitCode: status.exitstatus }
      { **ended, file: file }
    end

    def cannot(reason)
      { kind: 'cannot', reason: reason }
    end

    # In the child: ends it as RSpec's own command would.
    def run(order)
      @orders.close # No test has it.
      ENV.update(order.fetch('env'))
      Preload.renew
      options = order.fetch('options')
      status = HoldfastRSpec.run(options.fetch('args'), report: options.fetch('report'), selection: options['selection'])
      exit(status) unless status.zero?
    end

    def answer(message)
      @answers.write("#{JsonText.dump(message)}\n")
    end

    # All of this group but this process: a file's own group would end with it.
    def kill_what_is_left
      Dir.glob('[0-9]*', base: '/proc').map(&:to_i).each do |pid|
        Process.kill(:KILL, pid) if pid != Process.pid && Process.getpgid(pid) == Process.getpgrp
      rescue SystemCallError
        next # It has just ended, or is another's.
      end
    end
  end
end

HoldfastRSpec.prepare
args = ARGV.dup
ARGV.clear
HoldfastRSpec::Preload.load(args)
HoldfastRSpec::Server.new.serve
exit!(0) # What was loaded ahead may have left something for the end of a run: that belongs to the files.
