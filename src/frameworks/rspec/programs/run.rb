# frozen_string_literal: true

# Runs one file: `ruby run.rb REPORT SELECTION WORD…`. REPORT is where the report goes, SELECTION a file with the cases that are asked for, or empty;
# the words are for RSpec.

require_relative 'rspec_run'

report, selection, *args = ARGV
ARGV.replace(args)
HoldfastRSpec.prepare
chosen = HoldfastRSpec::JsonText.parse(File.read(selection)) unless selection.empty?
status = HoldfastRSpec.run(args, report: report, selection: chosen)
exit(status) unless status.zero?
