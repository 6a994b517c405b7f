# frozen_string_literal: true

# Runs one file: `ruby run.rb REPORT SELECTION ARG…`. REPORT is the path of the report, SELECTION that of a file with the requested cases,
# or empty. The remaining arguments are for RSpec.

require_relative 'rspec_run'

report, selection, *args = ARGV
ARGV.replace(args)
HoldfastRSpec.prepare
chosen = HoldfastRSpec::JsonText.parse(File.read(selection)) unless selection.empty?
status = HoldfastRSpec.run(args, report: report, selection: chosen)
exit(status) unless status.zero?
