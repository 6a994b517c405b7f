# frozen_string_literal: true

# Runs one file: `ruby run.rb REPORT SELECTION OWN ARG…`. REPORT is the path of the report, SELECTION that of a file with the requested
# cases, or empty. The remaining arguments are for RSpec. If they name several files, OWN is the one to report, else empty.

require_relative 'rspec_run'

report, selection, own, *args = ARGV
ARGV.replace(args)
HoldfastRSpec.prepare
chosen = HoldfastRSpec::JsonText.parse(File.read(selection)) unless selection.empty?
status = HoldfastRSpec.run(args, report: report, selection: chosen, own: own.empty? ? nil : own)
exit(status) unless status.zero?
