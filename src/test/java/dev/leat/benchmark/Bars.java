package dev.leat.benchmark;

import java.util.List;
import java.util.Locale;

/** A chart of horizontal bars, as SVG that is legible on light and on dark. */
final class Bars {

    private static final int ROW = 22;
    private static final int TITLE = 30;
    private static final int LABELS = 150;
    private static final int WIDTH = 760;
    private static final int LONGEST = 480;

    /** @param group bars of one group stand together under its name */
    record Bar(String group, String label, double value) {}

    private Bars() {}

    static String svg(String unit, List<Bar> bars) {
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        StringBuilder body = new StringBuilder();
        String group = "";
        int y = 10;
        for (Bar bar : bars) {
            if (!bar.group.equals(group)) {
                group = bar.group;
                y += TITLE;
                text(body, 0, y - 8, "start", "font-weight=\"bold\"", group.replace("`", ""));
            }
            int width = (int) Math.max(1, Math.round(bar.value / most * LONGEST));
            String fill = bar.label.equals("Leat") ? "#2a78d6" : "#9a9a94";
            body.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" fill=\"%s\"/>%n"
                    .formatted(LABELS, y, width, ROW - 6, fill));
            text(body, LABELS - 8, y + 12, "end", "", bar.label);
            text(body, LABELS + width + 8, y + 12, "start", "", String.format(Locale.ROOT, "%,.0f", bar.value));
            y += ROW;
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13" fill="#777770" role="img" aria-label="%s">
                %s</svg>
                """.formatted(WIDTH, y + 10, unit, body);
    }

    private static void text(StringBuilder body, int x, int y, String anchor, String attributes, String text) {
        body.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>%n"
                .formatted(x, y, anchor, attributes, text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
