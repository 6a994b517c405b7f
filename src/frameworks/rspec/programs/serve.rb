# frozen_string_literal: true

# A process that has RSpec loaded, and forks for each order: what a file does ends with it. What the project requires for every run (`--require`), and the
# helper that a file requires before anything else, is loaded in a process between, once. Its words are those for RSpec.
#
# The messages on descriptor 3 are those of ../../pool/protocol.ts, each order for one file; its options are "args" for RSpec, the file among them,
# "report", where the report goes, and "selection", the cases that are asked for, if not all.

require_relative 'zygote'

module HoldfastRSpec
  class Server
    CHANNEL = 3

    def initialize(args)
      @orders = IO.for_fd(CHANNEL, 'rb')
      @answers = IO.for_fd(CHANNEL, 'wb', autoclose: false) # The same descriptor: closed as the other is.
      @answers.sync = true
      @zygotes = Hash.new { |known, helper| known[helper] = Zygote.start(args, helper, channels) }
    end

    def serve
      return serve_none unless Process.respond_to?(:fork)

      @zygotes[nil]
      while (line = @orders.gets)
        order = JsonText.parse(line)
        order['kind'] == 'run' ? run(order) : cannot('its session only runs files')
      end
    end

    private

    def run(order)
      file, = order.fetch('files')
      helper = Preload.helper_of(file)
      zygote = @zygotes[helper] || @zygotes[nil]
      outcome = zygote ? zygote.run(order) : Forked.run(order, channels)
      exit!(1) if outcome.nil? # Something killed it: nothing here can be relied on.
      kill_what_is_left
      answer(outcome.merge(file: file))
    end

    # Of this process alone.
    def channels
      [@orders, *zygotes.flat_map(&:channels)]
    end

    def zygotes
      @zygotes.values.compact
    end

    def serve_none
      cannot('this Ruby has no fork') while @orders.gets
    end

    def cannot(reason)
      answer({ kind: 'cannot', reason: reason })
    end

    def answer(message)
      @answers.write("#{JsonText.dump(message)}\n")
    end

    # All of this group but this process and its zygotes: a file's own group would end with it.
    def kill_what_is_left
      own = [Process.pid, *zygotes.map(&:pid)]
      Dir.glob('[0-9]*', base: '/proc').map(&:to_i).each do |pid|
        Process.kill(:KILL, pid) if !own.include?(pid) && Process.getpgid(pid) == Process.getpgrp
      rescue SystemCallError
        next # It has just ended, or is another's.
      end
    end
  end
end

HoldfastRSpec.prepare
args = ARGV.dup
ARGV.clear
HoldfastRSpec::Preload.libraries
HoldfastRSpec::Server.new(args).serve
exit!(0)
