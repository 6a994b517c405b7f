# frozen_string_literal: true

module HoldfastRSpec
  # Loads in advance what spec files would load first.
  module Preload
    class << self
      def libraries
        require 'rspec/expectations'
        require 'rspec/mocks'
      rescue LoadError
        nil # The project uses others.
      end

      # Loads what the project requires for every run and `helper`, the path of a file that spec files require first, if any. Returns false
      # if that fails, or creates anything that a fork would lack or share: threads, sockets, child processes.
      def load(args, helper)
        before = { sockets: open_sockets, seed: RSpec.configuration.seed, chance: Random.seed }
        require_for_every_run(RSpec::Core::ConfigurationOptions.new(args).options)
        require helper if helper
        @has_seed = RSpec.configuration.seed != before[:seed]
        @chance = Random.seed unless Random.seed == before[:chance]
        @follows_seed = @chance == RSpec.configuration.seed
        Thread.list.one? && open_sockets == before[:sockets] && !children?
      rescue SystemExit, StandardError, ScriptError
        false # Each file will report the error itself.
      end

      # Called in a fork: gives it its own start time and, unless the project sets one, its own random seed.
      def renew
        config = RSpec.configuration
        config.start_time = RSpec::Core::Time.now
        config.ordering_manager.instance_variable_set(:@seed, rand(0xFFFF)) unless @has_seed
        srand(@follows_seed ? config.seed : @chance) if @chance
      end

      # The path of the helper (`spec_helper`, `rails_helper`) that a file requires as its first statement; nil if there is none.
      def helper_of(file)
        first = File.foreach(file, mode: 'rb').find { |line| !line.match?(/\A\s*(#|$)/n) }
        _, how, name = */\A\s*(require|require_relative)[\s(]\s*["']([\w.\/-]*_helper)["']\)?\s*$/n.match(first.to_s)
        how == 'require_relative' ? File.expand_path(name, File.dirname(file)) : name
      rescue SystemCallError
        nil # The file will report the error itself.
      end

      private

      # Does what RSpec does when it configures itself. Some projects check whether a single file runs, which is always the case here.
      def require_for_every_run(options)
        config = RSpec.configuration
        config.libs = options[:libs]
        config.default_path = options[:default_path] if options[:default_path]
        config.files_or_directories_to_run = ['a_file']
        config.requires = [] # Adds the project's folders to the load path.
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
