/**
 * The style sheets, in the order in which they count: the library's in a layer of its own, which ours
 * therefore outweigh without having to be more specific.
 */
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "./global.css";
