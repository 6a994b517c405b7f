# frozen_string_literal: true

require_relative 'forked'

module HoldfastRSpec
  # A process that has preloaded what some files load first, and forks for each of them.
  class Zygote
    attr_reader :pid

    # Returns nil if preloading fails, so that the files have to load everything themselves. The zygote closes `channels`.
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

    # Runs in the zygote. Exits without at_exit hooks: any that the preloaded code registered are for the forks.
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

    # The pipes to this zygote, which forks of its owner must close.
    def channels
      [@orders, @answers]
    end

    # Returns how the fork for an order ended; nil if the zygote has died.
    def run(order)
      @orders.puts(JsonText.dump(order))
      line = @answers.gets
      line && JsonText.parse(line)
    rescue Errno::EPIPE
      nil
    end
  end
end
