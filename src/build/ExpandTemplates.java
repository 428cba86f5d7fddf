import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Expands the templates of a folder into Java classes, for kernels whose copies differ only in a number.
///
/// ```
/// //# class NAME A=1 B=2    one class to make, with its numbers (first lines of the file)
/// //# for v FROM TO         repeats the lines up to its end for v in [FROM, TO)
/// //# if CONDITION          keeps the lines up to its end when the condition is not 0
/// //# end
/// ${expression}             its value; ${CLASS} is the class name
/// ```
///
/// Expressions know integers, names, `+ - * / %`, comparisons, `&&`, `||` and parentheses. The package is read from the
/// template's package line. A file is rewritten only when its text changes, and files that no template makes are deleted.
///
/// `java ExpandTemplates.java TEMPLATES OUTPUT`
public final class ExpandTemplates {
    private static final Pattern HOLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern TOKEN = Pattern.compile("\\s*(\\d+|\\w+|&&|\\|\\||[<>=!]=|[-+*/%<>()])");

    private final String where;
    private final Map<String, Integer> values = new HashMap<>();
    private final StringBuilder text = new StringBuilder();
    private String className;

    private ExpandTemplates(String where) {
        this.where = where;
    }

    public static void main(String[] arguments) throws IOException {
        Path output = Path.of(arguments[1]);
        Set<Path> made = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java.template")).sorted().toList()) {
                expand(file, output, made);
            }
        }
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java") && !made.contains(f)).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void expand(Path file, Path output, Set<Path> made) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> body = lines.stream().filter(l -> !l.startsWith("//# class ")).toList();
        String folder = body.stream().filter(l -> l.startsWith("package ")).findFirst().orElseThrow()
                .replace("package ", "").replace(";", "").replace('.', '/');
        for (String line : lines) {
            if (line.startsWith("//# class ")) {
                ExpandTemplates one = new ExpandTemplates(file.toString());
                String[] words = line.split(" +");
                one.className = words[2];
                for (int i = 3; i < words.length; i++) {
                    String[] pair = words[i].split("=");
                    one.values.put(pair[0], Integer.parseInt(pair[1]));
                }
                one.text.append("// Expanded from ").append(file.getFileName()).append("; edit that.\n");
                one.lines(body, 0, body.size());
                Path target = output.resolve(folder).resolve(one.className + ".java");
                Files.createDirectories(target.getParent());
                made.add(target);
                if (!Files.exists(target) || !Files.readString(target).contentEquals(one.text)) {
                    Files.writeString(target, one.text);
                }
            }
        }
    }

    private void lines(List<String> lines, int begin, int end) {
        for (int i = begin; i < end; i++) {
            String[] words = lines.get(i).split(" +", 3);
            if (!words[0].equals("//#")) {
                Matcher holes = HOLE.matcher(lines.get(i));
                text.append(holes.replaceAll(m -> m.group(1).equals("CLASS")
                        ? className : String.valueOf(value(m.group(1))))).append('\n');
                continue;
            }
            int close = closing(lines, i);
            if (words[1].equals("for")) {
                String[] range = words[2].split(" +");
                for (int v = value(range[1]); v < value(range[2]); v++) {
                    values.put(range[0], v);
                    lines(lines, i + 1, close);
                }
            } else if (words[1].equals("if") && value(words[2]) != 0) {
                lines(lines, i + 1, close);
            }
            i = close;
        }
    }

    private int closing(List<String> lines, int open) {
        int depth = 0;
        for (int i = open; i < lines.size(); i++) {
            if (lines.get(i).startsWith("//# end")) {
                depth--;
            } else if (lines.get(i).startsWith("//# ")) {
                depth++;
            }
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException(where + ": no //# end for " + lines.get(open));
    }

    private List<String> tokens;
    private int next;

    private int value(String expression) {
        tokens = new ArrayList<>();
        next = 0;
        Matcher matcher = TOKEN.matcher(expression);
        int at = 0;
        while (matcher.find(at) && matcher.start() == at) {
            tokens.add(matcher.group(1));
            at = matcher.end();
        }
        int value = binary(0);
        if (!expression.substring(at).isBlank() || next != tokens.size()) {
            throw new IllegalArgumentException(where + ": cannot read expression " + expression);
        }
        return value;
    }

    private static final List<List<String>> LEVELS = List.of(
            List.of("||"), List.of("&&"), List.of("==", "!=", "<", "<=", ">", ">="), List.of("+", "-"),
            List.of("*", "/", "%"));

    private int binary(int level) {
        if (level == LEVELS.size()) {
            return atom();
        }
        int left = binary(level + 1);
        while (next < tokens.size() && LEVELS.get(level).contains(tokens.get(next))) {
            String operator = tokens.get(next++);
            int right = binary(level + 1);
            left = switch (operator) {
                case "||" -> left != 0 || right != 0 ? 1 : 0;
                case "&&" -> left != 0 && right != 0 ? 1 : 0;
                case "==" -> left == right ? 1 : 0;
                case "!=" -> left != right ? 1 : 0;
                case "<" -> left < right ? 1 : 0;
                case "<=" -> left <= right ? 1 : 0;
                case ">" -> left > right ? 1 : 0;
                case ">=" -> left >= right ? 1 : 0;
                case "+" -> left + right;
                case "-" -> left - right;
                case "*" -> left * right;
                case "/" -> left / right;
                default -> left % right;
            };
        }
        return left;
    }

    private int atom() {
        String token = next < tokens.size() ? tokens.get(next++) : "";
        if (token.equals("(")) {
            int value = binary(0);
            next++;
            return value;
        }
        Integer value = !token.isEmpty() && Character.isDigit(token.charAt(0)) ? Integer.valueOf(token) : values.get(token);
        if (value == null) {
            throw new IllegalArgumentException(where + ": unknown name '" + token + "'");
        }
        return value;
    }
}
