# frozen_string_literal: true

module HoldfastRSpec
  # Keeps a run to some of the examples of its file, by their full names: those that are named (`only`), or all others (`except`).
  class Selection
    def initialize(selection)
      @only = selection.fetch('kind') == 'only'
      @named = selection.fetch('names').to_h { |name| [name, true] }
    end

    # Takes the others out of what the filters of the project have left of these groups. Returns how many.
    def leave_out(groups)
      examples = RSpec.world.filtered_examples
      groups.flat_map(&:descendants).sum do |group|
        group.instance_variable_set(:@descendant_filtered_examples, nil) # It may have counted them.
        chosen, others = examples[group].partition { |example| chosen?(example) }
        examples[group] = chosen
        others.size
      end
    end

    private

    def chosen?(example)
      @named.key?(Report.name_of(example).join(' ')) == @only
    end
  end
end
