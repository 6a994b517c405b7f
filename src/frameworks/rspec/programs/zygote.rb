# frozen_string_literal: true

require_relative 'forked'

module HoldfastRSpec
  # A process that has loaded what some files load first, and forks for each of them.
  class Zygote
    attr_reader :pid

    # nil where these files have to load it themselves. It has no use for `channels`, and closes them.
    def self.start(args, helper, channels)
      orders, to_it = IO.pipe
      from_it, answers = IO.pipe
      pid = fork do
        [*channels, to_it, from_it].each(&:close)
        live(args, helper, orders, answers)
      end
      [orders, answers].each(&:close)
      return new(pid, to_it, from_it) if from_it.gets

      [to_it, from_it].each(&:close)
      Process.wait(pid)
      nil
    end

    # What was loaded may have left something for the end of a run: that belongs to the files.
    def self.live(args, helper, orders, answers)
      exit!(1) unless Preload.load(args, helper)
      answers.sync = true
      answers.puts('ready')
      while (line = orders.gets)
        answers.puts(JsonText.dump(Forked.run(JsonText.parse(line), [orders, answers])))
      end
      exit!(0)
    end

    def initialize(pid, orders, answers)
      @pid = pid
      @orders = orders
      @answers = answers
      @orders.sync = true
    end

    # Files of no use to a fork of the process that has this zygote.
    def channels
      [@orders, @answers]
    end

    # How the fork for an order ended; nil where this process is no more.
    def run(order)
      @orders.puts(JsonText.dump(order))
      line = @answers.gets
      line && JsonText.parse(line)
    rescue Errno::EPIPE
      nil
    end
  end
end
