package holdfast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Excludes unselected test methods; the launcher loads it as a service. A case is named by its unique id, without engine and class. */
public final class SelectedCases implements PostDiscoveryFilter {
  private static boolean isOnly;
  /** null: all cases run. */
  private static List<List<String>> selected;

  /** Reads a selection: `only` or `except` in the first line, then one name per line with tab-separated parts. */
  static void read(String path) throws IOException {
    selected = null;
    if (path.isEmpty()) return;
    List<String> lines = Files.readAllLines(Path.of(path));
    isOnly = lines.get(0).equals("only");
    selected = lines.stream().skip(1).map(line -> Arrays.asList(line.split("\t"))).collect(Collectors.toList());
  }

  @Override
  public FilterResult apply(TestDescriptor descriptor) {
    return FilterResult.includedIf(isSelected(nameOf(descriptor)));
  }

  private static List<String> nameOf(TestDescriptor descriptor) {
    return descriptor.getUniqueId().getSegments().stream().skip(2).map(Segment::getValue).collect(Collectors.toList());
  }

  /** Containers of a selected case are needed to reach it, and its descendants belong to it. */
  private static boolean isSelected(List<String> name) {
    if (selected == null) return true;
    boolean isInside = selected.stream().anyMatch(one -> beginsWith(name, one));
    return isOnly ? isInside || selected.stream().anyMatch(one -> beginsWith(one, name)) : !isInside;
  }

  private static boolean beginsWith(List<String> name, List<String> beginning) {
    return name.size() >= beginning.size() && name.subList(0, beginning.size()).equals(beginning);
  }
}
