package io.github.fovea.onnx;

import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowNode;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;

/// `Resize` and `Upsample` nodes that the engine's enlargement equals: nearest and bilinear, by a whole factor, with
/// pixel centres at half-integers. Cubic ones never: ONNX repeats edge pixels where the engine mirrors.
final class Enlargements {
    private Enlargements() {}

    static Layer of(FlowNode node, NetworkLowering lowering) throws Unlowered {
        Layer in = lowering.layer(NetworkLowering.input(node, 0));
        boolean modern = node.operator().equals("Resize") && node.opset() >= 11;
        String mode = text(node, "mode", "nearest");
        String coordinates = modern ? text(node, "coordinate_transformation_mode", "half_pixel") : "asymmetric";
        String nearest = modern ? text(node, "nearest_mode", "round_prefer_floor") : "floor";
        if (Convolutions.integer(node, "antialias", 0) != 0 || Convolutions.integer(node, "exclude_outside", 0) != 0
                || !text(node, "keep_aspect_ratio_policy", "stretch").equals("stretch")
                || node.attributes().containsKey("axes")) {
            throw new Unlowered("resizes with antialias, exclude_outside, axes or a policy");
        }
        int factor = factor(node, modern, in, lowering);
        if (factor == 1) {
            return in;
        }
        boolean centred = coordinates.equals("half_pixel") || coordinates.equals("pytorch_half_pixel");
        return new Layer.Enlarge(in, switch (mode) {
            case "nearest" -> {
                // Both put output pixel p on input pixel p / factor.
                boolean rounded = centred && nearest.startsWith("round_prefer");
                boolean floored = nearest.equals("floor") && coordinates.equals("asymmetric");
                if (!rounded && !floored) {
                    throw new Unlowered("resizes to nearest pixels by " + coordinates + " and " + nearest);
                }
                yield Interpolation.NEAREST;
            }
            case "linear" -> {
                if (!centred) {
                    throw new Unlowered("resizes linearly by " + coordinates);
                }
                yield Interpolation.BILINEAR;
            }
            default -> throw new Unlowered("resizes by mode " + ProtoReader.quoted(mode));
        }, factor);
    }

    private static int factor(FlowNode node, boolean modern, Layer in, NetworkLowering lowering) throws Unlowered {
        int place = modern ? 2 : 1;
        Constant scales = lowering.constant(NetworkLowering.input(node, place));
        Constant sizes = modern ? lowering.constant(NetworkLowering.input(node, 3)) : null;
        float rows = 0;
        float columns = 0;
        if (sizes == null && scales != null && scales.floats() != null && scales.elements() == 4
                && scales.floats()[0] == 1 && scales.floats()[1] == 1) {
            rows = scales.floats()[2];
            columns = scales.floats()[3];
        } else if (sizes != null && sizes.longs() != null && sizes.elements() == 4 && lowering.declaredExtent(0) > 0
                && lowering.declaredExtent(1) > 0 && sizes.longs()[1] == in.channels()) {
            int scale = Spellings.scale(in);
            rows = (float) sizes.longs()[2] / (lowering.declaredExtent(0) * scale);
            columns = (float) sizes.longs()[3] / (lowering.declaredExtent(1) * scale);
        }
        if (rows != columns || rows < 1 || rows > Graph.MAX_SCALE || rows != Math.rint(rows)) {
            throw new Unlowered("resizes by no constant whole factor from 1 to " + Graph.MAX_SCALE);
        }
        return (int) rows;
    }

    private static String text(FlowNode node, String name, String fallback) {
        return node.attributes().get(name) instanceof Attribute.Text(String text) ? text : fallback;
    }
}
