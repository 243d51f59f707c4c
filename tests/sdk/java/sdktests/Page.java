package sdktests;

import java.util.List;

/** A page and its cursors. */
record Page<T>(List<T> data, String before, String after) {}
