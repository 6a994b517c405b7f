package holdfast;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The process-wide state that a test class may change. */
final class ProcessState {
  /** How long to wait for a thread of a finished class that is still ending. */
  private static final long PATIENCE_MS = 100;

  private final Properties properties = (Properties) System.getProperties().clone();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final InputStream in = System.in;
  private final Locale locale = Locale.getDefault();
  private final TimeZone timeZone = TimeZone.getDefault();
  private final Set<Thread> threads = threads().collect(Collectors.toSet());

  private ProcessState() {}

  static ProcessState take() {
    return new ProcessState();
  }

  /** Restores what can be restored and describes what cannot: non-daemon threads and child processes. */
  List<String> restore() throws InterruptedException {
    System.setProperties(properties);
    System.setOut(out);
    System.setErr(err);
    System.setIn(in);
    Locale.setDefault(locale);
    TimeZone.setDefault(timeZone);
    for (Thread thread : newThreads()) thread.join(PATIENCE_MS);
    return Stream.concat(
            newThreads().stream().map(thread -> "the thread " + thread.getName()),
            ProcessHandle.current().children().map(process -> "the process " + process.pid()))
        .collect(Collectors.toList());
  }

  private List<Thread> newThreads() {
    return threads().filter(thread -> !threads.contains(thread)).collect(Collectors.toList());
  }

  private static Stream<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> !thread.isDaemon());
  }
}
