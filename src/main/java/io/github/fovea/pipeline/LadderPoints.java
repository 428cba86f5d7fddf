package io.github.fovea.pipeline;

import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Models of one scale as the operating points of a session.
public final class LadderPoints {
    /// Published Y-PSNR of plain bicubic on Set5 in dB, by scale from 2 on.
    private static final List<Double> BICUBIC_SET5 = List.of(33.66, 30.39, 28.42);
    /// How far bicubic lies behind the smallest network where no figure says it, in dB.
    private static final double BICUBIC_BEHIND = 2;

    private LadderPoints() {}

    /// {@return the points that networks give, and plain bicubic}
    ///
    /// What they are expected to reach stands in the models' files; where the files do not name a common measure, twice
    /// the multiply-adds count as one decibel, which orders them.
    ///
    /// @param networks networks of one scale
    /// @throws IllegalArgumentException if there is none, or scales differ
    public static List<AdaptiveUpscaler.Point> of(List<NetworkRunner> networks) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("no network for a session, wanted at least one");
        }
        int scale = networks.getFirst().scale();
        for (NetworkRunner network : networks) {
            if (network.scale() != scale) {
                throw new IllegalArgumentException("model " + network.name() + " enlarges by " + network.scale() + ", "
                        + networks.getFirst().name() + " by " + scale + "; the points of a session share one factor");
            }
        }
        String measure = commonMeasure(networks);
        List<AdaptiveUpscaler.Point> points = new ArrayList<>();
        for (NetworkRunner network : networks) {
            points.add(new AdaptiveUpscaler.Point(network.name(), network, psnr(network, measure)));
        }
        double lowest = points.stream().mapToDouble(AdaptiveUpscaler.Point::psnr).min().orElseThrow();
        double bicubic = measure != null && measure.startsWith("Set5") && scale - 2 < BICUBIC_SET5.size()
                ? BICUBIC_SET5.get(scale - 2) : lowest - BICUBIC_BEHIND;
        points.add(new AdaptiveUpscaler.Point("bicubic", null, Math.min(bicubic, lowest - 0.01)));
        return points;
    }

    /// {@return the points of a meta-graph, and plain bicubic, as the model's file tells of them}
    ///
    /// @param model    the model
    /// @param networks its points in the model's order, see [NetworkRunner#compile]
    public static List<AdaptiveUpscaler.Point> of(MetaModel model, List<NetworkRunner> networks) {
        List<AdaptiveUpscaler.Point> points = new ArrayList<>();
        points.add(new AdaptiveUpscaler.Point("bicubic", null, model.bicubic()));
        for (int i = 0; i < networks.size(); i++) {
            MetaPoint point = model.points().get(i);
            points.add(new AdaptiveUpscaler.Point(point.name(), networks.get(i), point.psnr()));
        }
        return points;
    }

    /// {@return the first PSNR that every model's file names as a number, or `null`}
    private static String commonMeasure(List<NetworkRunner> networks) {
        for (Map.Entry<String, String> figure : networks.getFirst().figures().entrySet()) {
            String name = figure.getKey();
            if (name.contains("PSNR") && networks.stream().allMatch(n -> isNumber(n.figures().get(name)))) {
                return name;
            }
        }
        return null;
    }

    private static boolean isNumber(String text) {
        return text != null && text.matches("\\d{1,3}(\\.\\d{1,6})?");
    }

    private static double psnr(NetworkRunner network, String measure) {
        return measure == null ? 20 + Math.log(Math.max(1, network.macsPerPixel())) / Math.log(2)
                : Double.parseDouble(network.figures().get(measure));
    }
}
