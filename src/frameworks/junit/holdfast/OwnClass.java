package holdfast;

import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Watches the only class that counts, of several that run in this process; the launcher loads it as a service. */
public final class OwnClass implements TestExecutionListener {
  /** Empty: all classes count. */
  private static String name = "";
  private static boolean isRed;

  static void set(String className) {
    name = className;
    isRed = false;
  }

  /** The exit code of the run is that of this class. */
  static int exitCode(int ofConsole) {
    return name.isEmpty() || ofConsole != 1 || isRed ? ofConsole : 0;
  }

  /** The start of the report, which says whose cases count. */
  static String root() {
    return name.isEmpty() ? "<testsuites>" : "<testsuites own=\"" + name + "\">";
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.FAILED && isOwn(test)) isRed = true;
  }

  /** The segment after the engine is that of the class. A failed engine is one of all classes. */
  private static boolean isOwn(TestIdentifier test) {
    List<Segment> segments = UniqueId.parse(test.getUniqueId()).getSegments();
    return segments.size() < 2 || segments.get(1).getValue().equals(name);
  }
}
