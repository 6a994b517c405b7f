package holdfast;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Runs test classes with JUnit's console, like `java org.junit.platform.console.ConsoleLauncher`, and merges the reports of all engines
 * into one. The arguments are the path of the report, the path of a case selection (empty: all cases), the only class of several that counts
 * (empty: all), and those of the console. Without arguments, this process is a session.
 */
public final class Runner {
  private Runner() {}

  public static void main(String[] words) throws Exception {
    if (words.length == 0) Session.serve();
    System.exit(run(Arrays.asList(words))); // Even if a test left threads running.
  }

  /** Returns the console's exit code: 0 green, 1 red, 2 no tests (with `--fail-if-no-tests`), -1 could not run. */
  static int run(List<String> words) throws IOException {
    Path report = Path.of(words.get(0));
    SelectedCases.read(words.get(1));
    OwnClass.set(words.get(2));
    Path folder = Files.createTempDirectory(report.toAbsolutePath().getParent(), "reports-");
    List<String> console = new ArrayList<>(words.subList(3, words.size()));
    console.add("--reports-dir=" + folder);
    int exitCode = console(System.out, console.toArray(new String[0]));
    join(folder, report);
    return OwnClass.exitCode(exitCode);
  }

  /** Loads the console and its engines, so that the first test class of a session does not wait for them. */
  static void prepare() {
    console(new PrintStream(OutputStream.nullOutputStream()), "engines");
  }

  private static int console(PrintStream output, String... words) {
    return ToolProvider.findFirst("junit").orElseThrow().run(output, System.err, words);
  }

  /** Merges the documents of a folder into one `testsuites`, written atomically; writes nothing if there are none. */
  private static void join(Path folder, Path report) throws IOException {
    StringBuilder suites = new StringBuilder();
    try (DirectoryStream<Path> documents = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      for (Path document : documents) suites.append(Files.readString(document).replaceFirst("^<\\?xml[^>]*\\?>", ""));
    }
    if (suites.length() == 0) return;
    Path whole = Files.writeString(folder.resolve("whole.xml"), OwnClass.root() + suites + "</testsuites>");
    Files.move(whole, report, StandardCopyOption.ATOMIC_MOVE);
  }
}
