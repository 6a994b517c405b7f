package holdfast;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs test classes for a worker, one after another; see src/frameworks/pool/protocol.ts for the messages. The console creates a class
 * loader for each, so that no static state of the project survives.
 */
final class Session {
  private static final int CHANNEL = 3;
  /** In an order: the file as JSON and the arguments for the runner, NUL-separated, in Base64, since Java has no JSON parser. */
  private static final Pattern CALL = Pattern.compile("\"call\":\"([A-Za-z0-9+/=]*)\"");

  private Session() {}

  /** Serves orders and ends this process when the worker closes the channel. */
  static void serve() throws Exception {
    FileDescriptor channel = descriptor(CHANNEL);
    BufferedReader orders = new BufferedReader(new InputStreamReader(new FileInputStream(channel), UTF_8));
    OutputStream answers = new FileOutputStream(channel);
    Runner.prepare();
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      answers.write((answer(order) + "\n").getBytes(UTF_8));
    }
    Runtime.getRuntime().halt(0); // Not System.exit: shutdown hooks of tests may take arbitrarily long.
  }

  private static String answer(String order) throws Exception {
    Matcher call = CALL.matcher(order);
    if (!call.find()) return "{\"kind\":\"cannot\",\"reason\":\"the session can only run classes\"}";
    List<String> words = Arrays.asList(new String(Base64.getDecoder().decode(call.group(1)), UTF_8).split("\0", -1));
    ProcessState before = ProcessState.take();
    int exitCode = Runner.run(words.subList(1, words.size()));
    List<String> left = before.restore();
    String quoted = left.stream().map(text -> "\"" + text.replaceAll("[^\\w .,:()-]", "_") + "\"").collect(Collectors.joining(","));
    return "{\"kind\":\"exited\",\"file\":" + words.get(0) + ",\"exitCode\":" + exitCode + ",\"left\":[" + quoted + "]}";
  }

  /** Java opens files by path only, and a socket has none. */
  private static FileDescriptor descriptor(int number) throws ReflectiveOperationException {
    FileDescriptor descriptor = new FileDescriptor();
    Field own = FileDescriptor.class.getDeclaredField("fd");
    own.setAccessible(true);
    own.setInt(descriptor, number);
    return descriptor;
  }
}
