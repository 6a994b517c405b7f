# frozen_string_literal: true

module HoldfastRSpec
  # Restricts a run to some examples of its file by full name: those named (`only`), or all others (`except`).
  class Selection
    def initialize(selection)
      @only = selection.fetch('kind') == 'only'
      @named = selection.fetch('names').to_h { |name| [name, true] }
    end

    # Removes the other examples from those that the project's filters left in these groups. Returns the number removed.
    def leave_out(groups)
      examples = RSpec.world.filtered_examples
      groups.flat_map(&:descendants).sum do |group|
        group.instance_variable_set(:@descendant_filtered_examples, nil) # It may be cached.
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
