package io.github.fovea.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A dynamic network: 1 to [#MAX_PATHS] paths of rising cost, of which a router takes one for each part of a picture.
/// Path 0, plain bicubic resampling, is always there and has no graph, so that path `p` is element `p - 1` of the list.
///
/// | name | what it is |
/// |---|---|
/// | any form of [Networks#FORMS] | one path; parameters have their usual names |
/// | `A+B`, `A+B+C`, `A+B+C+D` | separate bodies, the cheapest first; parameters of path p are called `path<p>.` and their usual name |
/// | `shared-edsr-fF-nA-nB`..., also `compact`, `collapsed`, `wdsr` | one trunk: path 1 leaves it after A blocks, path 2 after B, ...; only the tails, `path<p>.tail`, are the paths' own |
/// | `dyna-wdsr` | the two paths of Dy-DCA (ECCV 2024) as released: `wdsr-f32-n2+wdsr-f32-n4` |
///
/// @param name  the name it was built by
/// @param paths path 1 and those behind it, each costlier than the one before
public record DynamicNetwork(String name, List<NetworkPath> paths) {
    /// Most paths besides bicubic.
    public static final int MAX_PATHS = 4;
    /// The forms of a name besides those of [Networks#FORMS].
    public static final List<String> FORMS = List.of("dyna-wdsr", "NETWORK+NETWORK[+NETWORK[+NETWORK]]",
            "shared-{wdsr,edsr,compact,collapsed}-fF-nA-nB[-nC[-nD]]");

    private static final List<String> USUAL = List.of("collapsed-f16-n6", "collapsed-f16-n3+collapsed-f16-n8",
            "collapsed-f16-n3+collapsed-f16-n6+collapsed-f16-n8",
            "collapsed-f16-n1+collapsed-f16-n3+collapsed-f16-n6+collapsed-f16-n8");
    private static final Pattern SHARED =
            Pattern.compile("shared-(wdsr|edsr|compact|collapsed)-f(\\d{1,4})((?:-n\\d{1,4}){2,4})");
    private static final Pattern PREFIX = Pattern.compile("path[1-4]\\.(.+)");

    /// Copies the list and checks it.
    ///
    /// @throws IllegalArgumentException if the number of paths is wrong, they differ in scale or channels, do not rise
    ///                                  in cost, or give one parameter two shapes
    public DynamicNetwork {
        paths = List.copyOf(paths);
        if (paths.isEmpty() || paths.size() > MAX_PATHS) {
            throw new IllegalArgumentException("network " + name + " has " + paths.size() + " paths, wanted 1 to "
                    + MAX_PATHS + " besides bicubic");
        }
        checkCosts(name, paths);
        parameters(paths);
    }

    private static void checkCosts(String name, List<NetworkPath> paths) {
        for (int i = 1; i < paths.size(); i++) {
            long before = paths.get(i - 1).graph().macsPerPixel();
            long macs = paths.get(i).graph().macsPerPixel();
            if (macs <= before) {
                throw new IllegalArgumentException("network " + name + ": path " + (i + 1) + " costs " + macs
                        + " MACs per LR pixel, path " + i + " costs " + before + "; name the cheapest first");
            }
        }
    }

    /// {@return the network of that name}
    ///
    /// @param name     see the table above
    /// @param scale    the factor between input and output, 2 to 8
    /// @param channels channels of the picture: 1 for luma, 3 for RGB
    /// @throws IllegalArgumentException if the name is not known or a number out of range
    public static DynamicNetwork named(String name, int scale, int channels) {
        if (name.equals("dyna-wdsr")) {
            return new DynamicNetwork(name, named("wdsr-f32-n2+wdsr-f32-n4", scale, channels).paths());
        }
        Matcher shared = SHARED.matcher(name);
        if (shared.matches()) {
            return shared(name, shared, scale, channels);
        }
        if (!name.contains("+")) {
            if (!known(name)) {
                throw new IllegalArgumentException("no network is called \"" + name + "\"; known forms are "
                        + String.join(", ", Networks.FORMS)
                        + " with F channels and N blocks, such as collapsed-f16-n6, and of several paths "
                        + String.join(", ", FORMS));
            }
            return new DynamicNetwork(name, List.of(new NetworkPath("path1", name,
                    Networks.named(name, scale, channels))));
        }
        String[] bodies = name.split("\\+", -1);
        NetworkPath[] paths = new NetworkPath[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            String path = "path" + (i + 1);
            paths[i] = new NetworkPath(path, bodies[i],
                    Networks.named(bodies[i], scale, channels, layer -> path + "." + layer));
        }
        return new DynamicNetwork(name, List.of(paths));
    }

    /// {@return the name of the network that a number of paths usually has}
    ///
    /// @param paths 1 to [#MAX_PATHS]
    /// @throws IllegalArgumentException if the number is out of range
    public static String usual(int paths) {
        if (paths < 1 || paths > MAX_PATHS) {
            throw new IllegalArgumentException("a network of " + paths + " paths, wanted 1 to " + MAX_PATHS);
        }
        return USUAL.get(paths - 1);
    }

    private static boolean known(String name) {
        return Networks.FORMS.stream().anyMatch(form -> name.matches(form.replace("fF", "f\\d+").replace("nN",
                "n\\d+")));
    }

    private static DynamicNetwork shared(String name, Matcher shared, int scale, int channels) {
        String[] blocks = shared.group(3).substring(1).split("-");
        NetworkPath[] paths = new NetworkPath[blocks.length];
        for (int i = 0; i < blocks.length; i++) {
            String path = "path" + (i + 1);
            String network = shared.group(1) + "-f" + shared.group(2) + "-" + blocks[i];
            paths[i] = new NetworkPath(path, network, Networks.named(network, scale, channels,
                    layer -> layer.equals("tail") ? path + "." + layer : layer));
        }
        return new DynamicNetwork(name, List.of(paths));
    }

    /// {@return the shape of every parameter of all paths by name, in order of first use}
    public Map<String, int[]> parameters() {
        return parameters(paths);
    }

    /// {@return the shape of every parameter of some paths by name, in order of first use}
    ///
    /// @param paths the paths
    /// @throws IllegalArgumentException if two paths want one parameter in different shapes
    public static Map<String, int[]> parameters(List<NetworkPath> paths) {
        Map<String, int[]> all = new LinkedHashMap<>();
        for (NetworkPath path : paths) {
            path.graph().parameters().forEach((parameter, shape) -> {
                int[] other = all.putIfAbsent(parameter, shape);
                if (other != null && !Arrays.equals(other, shape)) {
                    throw new IllegalArgumentException("parameter " + parameter + " is wanted as "
                            + Arrays.toString(shape) + " by " + path.name() + " and as "
                            + Arrays.toString(other) + " by a path before it");
                }
            });
        }
        return all;
    }

    /// {@return the name that a parameter of a path has where its network stands alone: without `path<p>.`}
    ///
    /// Warm starts go by these names: a path begins with the weights of a general model of its shape.
    ///
    /// @param parameter name of a parameter of any path
    public static String plainName(String parameter) {
        Matcher prefixed = PREFIX.matcher(parameter);
        return prefixed.matches() ? prefixed.group(1) : parameter;
    }

    /// {@return the number of trained numbers of all paths; shared ones count once}
    public long parameterElements() {
        long all = 0;
        for (int[] shape : parameters().values()) {
            long elements = 1;
            for (int extent : shape) {
                elements *= extent;
            }
            all += elements;
        }
        return all;
    }
}
