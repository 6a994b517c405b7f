# frozen_string_literal: true

module HoldfastRSpec
  # Loads ahead of all files what each of them would load first: RSpec's libraries, and what the project requires for every run.
  module Preload
    # Set where the project's own part is left to each file.
    LEFT = 'HOLDFAST_RSPEC_LEFT'

    class << self
      # Where what the project requires fails, or makes something that a fork does not have or would share (threads, sockets, child processes), this
      # process starts anew and leaves it to each file.
      def load(args)
        is_left = ENV.delete(LEFT)
        require_libraries
        return if is_left

        before = { sockets: open_sockets, seed: RSpec.configuration.seed, chance: Random.seed }
        is_loaded = require_for_every_run(RSpec::Core::ConfigurationOptions.new(args).options)
        start_anew(args) unless is_loaded && Thread.list.one? && open_sockets == before[:sockets] && !children?
        @has_seed = RSpec.configuration.seed != before[:seed]
        @chance = Random.seed unless Random.seed == before[:chance]
        @follows_seed = @chance == RSpec.configuration.seed
      end

      # In a fork: two files see neither the same chance, unless the project says which, nor the time at which this process was started.
      def renew
        config = RSpec.configuration
        config.start_time = RSpec::Core::Time.now
        config.ordering_manager.instance_variable_set(:@seed, rand(0xFFFF)) unless @has_seed
        srand(@follows_seed ? config.seed : @chance) if @chance
      end

      private

      def require_libraries
        require 'rspec/expectations'
        require 'rspec/mocks'
      rescue LoadError
        nil # The project has others.
      end

      # As RSpec does when it configures itself. Some projects look whether one file runs: here it always is one.
      def require_for_every_run(options)
        config = RSpec.configuration
        config.libs = options[:libs]
        config.default_path = options[:default_path] if options[:default_path]
        config.files_or_directories_to_run = ['a_file']
        config.requires = [] # Puts the project's folders on the load path.
        options[:requires].each { |name| require name }
        true
      rescue SystemExit, StandardError, ScriptError
        false # Each file will say so itself.
      end

      def start_anew(args)
        exec({ LEFT => '1' }, RbConfig.ruby, File.join(__dir__, 'serve.rb'), *args, CHANNEL => CHANNEL)
      end

      def open_sockets
        Dir.glob('/proc/self/fd/*').count { |path| File.socket?(path) }
      end

      def children?
        Process.wait2(-1, Process::WNOHANG)
        true
      rescue Errno::ECHILD
        false
      end
    end
  end
end
