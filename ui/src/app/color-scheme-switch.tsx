/** Light, dark, or as the system is. */
import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./color-scheme-switch.module.css";

const SCHEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "auto", label: "As the system", icon: IconDeviceDesktop },
  { value: "dark", label: "Dark", icon: IconMoon },
] as const;

export function ColorSchemeSwitch(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label="Colours"
      size="xs"
      fullWidth
      value={colorScheme}
      onChange={setColorScheme}
      classNames={classes}
      data={SCHEMES.map(({ value, label, icon: Icon }) => ({
        value,
        label: (
          <span title={label} className={classes.choice}>
            <Icon size={15} stroke={1.7} aria-hidden="true" />
            <span className={classes.name}>{label}</span>
          </span>
        ),
      }))}
    />
  );
}
