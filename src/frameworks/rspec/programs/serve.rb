# frozen_string_literal: true

# A session with RSpec loaded that forks for each order, so that the effects of a file end with its process. What the project requires for
# every run (`--require`), and the helper that a file requires first, are loaded once in an intermediate process (see zygote.rb). The
# arguments are those for RSpec.
#
# See ../../pool/protocol.ts for the messages on descriptor 3. Each order is for one file. Its options are "args" for RSpec, including the
# file; "report", the path of the report; and "selection", the requested cases, if not all.

require_relative 'zygote'

module HoldfastRSpec
  class Server
    CHANNEL = 3

    def initialize(args)
      @orders = IO.for_fd(CHANNEL, 'rb')
      @answers = IO.for_fd(CHANNEL, 'wb', autoclose: false) # The same descriptor, closed together with @orders.
      @answers.sync = true
      @zygotes = Hash.new { |known, helper| known[helper] = Zygote.start(args, helper, channels) }
    end

    def serve
      return serve_none unless Process.respond_to?(:fork)

      @zygotes[nil]
      while (line = @orders.gets)
        order = JsonText.parse(line)
        order['kind'] == 'run' ? run(order) : cannot('the session can only run files')
      end
    end

    private

    def run(order)
      file, = order.fetch('files')
      helper = Preload.helper_of(file)
      zygote = @zygotes[helper] || @zygotes[nil]
      outcome = zygote ? zygote.run(order) : Forked.run(order, channels)
      exit!(1) if outcome.nil? # The zygote was killed, so the state of this session is unknown.
      kill_what_is_left
      answer(outcome.merge(file: file))
    end

    # The open files that only this process uses; forks close them.
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

    # Kills everything in this process group except this process and its zygotes, as happens to the group of a file that runs on its own.
    def kill_what_is_left
      own = [Process.pid, *zygotes.map(&:pid)]
      Dir.glob('[0-9]*', base: '/proc').map(&:to_i).each do |pid|
        Process.kill(:KILL, pid) if !own.include?(pid) && Process.getpgid(pid) == Process.getpgrp
      rescue SystemCallError
        next # It has just ended, or belongs to another user.
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
