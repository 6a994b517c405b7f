# frozen_string_literal: true

module HoldfastRSpec
  # Loads ahead of files what they would load first.
  module Preload
    class << self
      def libraries
        require 'rspec/expectations'
        require 'rspec/mocks'
      rescue LoadError
        nil # The project has others.
      end

      # What the project requires for every run, and `helper`, the file of this path that a test file requires before anything else, if any. False where that
      # fails, or makes something that a fork does not have or would share: threads, sockets, child processes.
      def load(args, helper)
        before = { sockets: open_sockets, seed: RSpec.configuration.seed, chance: Random.seed }
        require_for_every_run(RSpec::Core::ConfigurationOptions.new(args).options)
        require helper if helper
        @has_seed = RSpec.configuration.seed != before[:seed]
        @chance = Random.seed unless Random.seed == before[:chance]
        @follows_seed = @chance == RSpec.configuration.seed
        Thread.list.one? && open_sockets == before[:sockets] && !children?
      rescue SystemExit, StandardError, ScriptError
        false # Each file will say so itself.
      end

      # In a fork: two files see neither the same chance, unless the project says which, nor the time at which this process was started.
      def renew
        config = RSpec.configuration
        config.start_time = RSpec::Core::Time.now
        config.ordering_manager.instance_variable_set(:@seed, rand(0xFFFF)) unless @has_seed
        srand(@follows_seed ? config.seed : @chance) if @chance
      end

      # The path of the helper (`spec_helper`, `rails_helper`) that a file requires before it does anything else; nil where there is none.
      def helper_of(file)
        first = File.foreach(file, mode: 'rb').find { |line| !line.match?(/\A\s*(#|$)/n) }
        _, how, name = */\A\s*(require|require_relative)[\s(]\s*["']([\w.\/-]*_helper)["']\)?\s*$/n.match(first.to_s)
        how == 'require_relative' ? File.expand_path(name, File.dirname(file)) : name
      rescue SystemCallError
        nil # The file will say so itself.
      end

      private

      # As RSpec does when it configures itself. Some projects look whether one file runs: here it always is one.
      def require_for_every_run(options)
        config = RSpec.configuration
        config.libs = options[:libs]
        config.default_path = options[:default_path] if options[:default_path]
        config.files_or_directories_to_run = ['a_file']
        config.requires = [] # Puts the project's folders on the load path.
        options[:requires].each { |name| require name }
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
