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
 * Runs test classes with JUnit's console, as `java org.junit.platform.console.ConsoleLauncher` does, and puts the reports of all its engines into
 * one. The words are the path of the report, that of a selection of cases (empty: all of them), and those of the console; without any, this
 * process serves as a session.
 */
public final class Runner {
  private Runner() {}

  public static void main(String[] words) throws Exception {
    if (words.length == 0) Session.serve();
    System.exit(run(Arrays.asList(words))); // Threads that a test has left do not keep this process.
  }

  /** The console's exit code: 0 where all is green, 1 where something is red, 2 where nothing ran and that was not wanted, -1 where it could not run. */
  static int run(List<String> words) throws IOException {
    Path report = Path.of(words.get(0));
    SelectedCases.read(words.get(1));
    Path folder = Files.createTempDirectory(report.toAbsolutePath().getParent(), "reports-");
    List<String> console = new ArrayList<>(words.subList(2, words.size()));
    console.add("--reports-dir=" + folder);
    int exitCode = console(System.out, console.toArray(new String[0]));
    join(folder, report);
    return exitCode;
  }

  /** Loads the console and its engines, so that the first test class of a session need not wait for them. */
  static void prepare() {
    console(new PrintStream(OutputStream.nullOutputStream()), "engines");
  }

  private static int console(PrintStream output, String... words) {
    return ToolProvider.findFirst("junit").orElseThrow().run(output, System.err, words);
  }

  /** One `testsuites` with the documents of a folder in it, there as a whole or not at all. None where the console has written none. */
  private static void join(Path folder, Path report) throws IOException {
    StringBuilder suites = new StringBuilder();
    try (DirectoryStream<Path> documents = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      for (Path document : documents) suites.append(Files.readString(document).replaceFirst("^<\\?xml[^>]*\\?>", ""));
    }
    if (suites.length() == 0) return;
    Path whole = Files.writeString(folder.resolve("whole.xml"), "<testsuites>" + suites + "</testsuites>");
    Files.move(whole, report, StandardCopyOption.ATOMIC_MOVE);
  }
}
