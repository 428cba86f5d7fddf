package io.github.fovea.network;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Builds known networks by name:
///
/// | name | what it is |
/// |---|---|
/// | `espcn` | ESPCN (Shi et al. 2016): 5x5 to 64, 3x3 to 32, 3x3 tail; ReLU where the paper has tanh, bicubic skip |
/// | `fsrcnn` | FSRCNN (Dong et al. 2016) with d = 56, s = 12, m = 4; its 9x9 transposed convolution is the equally wide 5x5 convolution before a pixel shuffle; bicubic skip |
/// | `wdsr-fF-nN` | WDSR-A (Yu et al. 2018): F channels, N blocks of expansion 2, 5x5 skip |
/// | `compact-fF-nN` | SRVGGNetCompact: head and N convolutions of F channels, each with PReLU; nearest skip (bicubic for luma) |
/// | `edsr-fF-nN` | EDSR (Lim et al. 2017) without residual scaling: head, N blocks of convolution, ReLU, convolution and an addition, one more convolution, a long skip from head to tail, bicubic skip; one tail before one pixel shuffle at every scale |
/// | `collapsed-fF-nN` | SESR (Bhardwaj et al. 2022) as it runs after training: head and N 3x3 convolutions of F channels, each with PReLU, a long skip from head to tail, bicubic skip |
///
/// Parameters are named `head`, `body.0`, `body.1`... , `tail` and `skip`, each with `.weight`, `.bias` and, after a
/// PReLU, `.slope`. All but `tail` and `skip` have the same shape at every scale, so one network can start from
/// another's weights.
public final class Networks {
    /// The known forms of a name.
    public static final List<String> FORMS =
            List.of("espcn", "fsrcnn", "wdsr-fF-nN", "edsr-fF-nN", "compact-fF-nN", "collapsed-fF-nN");

    private static final Pattern SIZED = Pattern.compile("(wdsr|edsr|compact|collapsed)-f(\\d{1,4})-n(\\d{1,4})");
    private static final int MAX_BLOCKS = 256;
    private static final int MAX_WIDTH = 512;

    private Networks() {}

    /// {@return the network of that name}
    ///
    /// @param name     one of [#FORMS], with numbers for F (channels, 1 to 512) and N (blocks, 1 to 256)
    /// @param scale    the factor between input and output, 2 to 8
    /// @param channels channels of the picture: 1 for luma, 3 for RGB
    /// @throws IllegalArgumentException if the name is not known or a number out of range
    public static Graph named(String name, int scale, int channels) {
        return named(name, scale, channels, UnaryOperator.identity());
    }

    /// {@return the network of that name with parameters named otherwise}
    ///
    /// @param name     as above
    /// @param scale    as above
    /// @param channels as above
    /// @param naming   from the usual name of a layer, like `body.0`, to the one wanted
    static Graph named(String name, int scale, int channels, UnaryOperator<String> naming) {
        if (scale < 2 || scale > 8) {
            throw new IllegalArgumentException("network " + name + " at scale " + scale + ", wanted 2 to 8");
        }
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("network " + name + " for " + channels
                    + " channels, wanted 1 (luma) or 3 (RGB)");
        }
        if (name.equals("espcn")) {
            return espcn(scale, new Chain(channels, naming));
        }
        if (name.equals("fsrcnn")) {
            return fsrcnn(scale, new Chain(channels, naming));
        }
        Matcher sized = SIZED.matcher(name);
        if (!sized.matches()) {
            throw new IllegalArgumentException("no network is called \"" + name + "\"; known forms are "
                    + String.join(", ", FORMS) + " with F channels and N blocks, such as collapsed-f16-n6");
        }
        int width = range(name, "channels", Integer.parseInt(sized.group(2)), MAX_WIDTH);
        int blocks = range(name, "blocks", Integer.parseInt(sized.group(3)), MAX_BLOCKS);
        Chain net = new Chain(channels, naming);
        return switch (sized.group(1)) {
            case "wdsr" -> wdsr(width, blocks, scale, net);
            case "edsr" -> edsr(width, blocks, scale, net);
            case "compact" -> compact(width, blocks, scale, net);
            default -> collapsed(width, blocks, scale, net);
        };
    }

    private static int range(String name, String what, int value, int high) {
        if (value < 1 || value > high) {
            throw new IllegalArgumentException("network " + name + " has " + value + " " + what + ", wanted 1 to "
                    + high);
        }
        return value;
    }

    private static Graph espcn(int scale, Chain net) {
        net.conv("head", 64, 5).relu();
        net.conv("body.0", 32, 3).relu();
        net.conv("tail", net.inputChannels() * scale * scale, 3).shuffle(scale).addEnlarged(Interpolation.BICUBIC,
                scale);
        return net.graph();
    }

    private static Graph fsrcnn(int scale, Chain net) {
        net.conv("head", 56, 5).prelu("head");
        net.conv("body.0", 12, 1).prelu("body.0");
        for (int i = 1; i <= 4; i++) {
            net.conv("body." + i, 12, 3).prelu("body." + i);
        }
        net.conv("body.5", 56, 1).prelu("body.5");
        net.conv("tail", net.inputChannels() * scale * scale, 5).shuffle(scale).addEnlarged(Interpolation.BICUBIC,
                scale);
        return net.graph();
    }

    private static Graph wdsr(int width, int blocks, int scale, Chain net) {
        net.conv("head", width, 3);
        for (int i = 0; i < blocks; i++) {
            int from = net.last();
            net.conv("body." + i + ".expand", 2 * width, 3).relu();
            net.conv("body." + i + ".project", width, 3).add(from);
        }
        net.conv("tail", net.inputChannels() * scale * scale, 3);
        int body = net.last();
        net.from(0).conv("skip", net.inputChannels() * scale * scale, 5).add(body).shuffle(scale);
        return net.graph();
    }

    private static Graph edsr(int width, int blocks, int scale, Chain net) {
        net.conv("head", width, 3);
        int head = net.last();
        for (int i = 0; i < blocks; i++) {
            int from = net.last();
            net.conv("body." + i + ".first", width, 3).relu();
            net.conv("body." + i + ".second", width, 3).add(from);
        }
        net.conv("body.last", width, 3).add(head);
        net.conv("tail", net.inputChannels() * scale * scale, 3).shuffle(scale).addEnlarged(Interpolation.BICUBIC,
                scale);
        return net.graph();
    }

    private static Graph compact(int width, int blocks, int scale, Chain net) {
        net.conv("head", width, 3).prelu("head");
        for (int i = 0; i < blocks; i++) {
            net.conv("body." + i, width, 3).prelu("body." + i);
        }
        net.conv("tail", net.inputChannels() * scale * scale, 3).shuffle(scale)
                .addEnlarged(net.inputChannels() == 1 ? Interpolation.BICUBIC : Interpolation.NEAREST, scale);
        return net.graph();
    }

    private static Graph collapsed(int width, int blocks, int scale, Chain net) {
        net.conv("head", width, 3).prelu("head");
        int head = net.last();
        for (int i = 0; i < blocks; i++) {
            net.conv("body." + i, width, 3).prelu("body." + i);
        }
        net.add(head);
        net.conv("tail", net.inputChannels() * scale * scale, 3).shuffle(scale).addEnlarged(Interpolation.BICUBIC,
                scale);
        return net.graph();
    }
}
