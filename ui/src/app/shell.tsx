/**
 * The frame around every page: navigation, header, palette and help.
 */
import { AppShell, Burger, Group, ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { IconKeyboard, IconSearch } from "@tabler/icons-react";
import { useEffect } from "react";
import type { ReactNode } from "react";
import { Route, Switch, useLocation } from "wouter";
import { ColorSchemeSwitch } from "./color-scheme-switch.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { Logo } from "./logo.tsx";
import { Navigation } from "./navigation.tsx";
import { NotFound } from "./not-found.tsx";
import { PAGES, hrefOf } from "./pages.tsx";
import classes from "./shell.module.css";
import { MOD, useGlobalShortcuts, useHelp } from "./shortcuts.ts";

export function Shell(): ReactNode {
  const [isMenuOpen, menu] = useDisclosure(false);
  const [location] = useLocation();
  const help = useHelp();
  useGlobalShortcuts();
  useEffect(menu.close, [location, menu.close]);
  useTitle(location);
  return (
    <AppShell
      layout="alt"
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !isMenuOpen } }}
      padding={0}
      classNames={{ header: classes.header, navbar: classes.navbar, main: classes.main }}
    >
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Navbar aria-label="Pages" data-open={isMenuOpen}>
        <Sidebar isMenuOpen={isMenuOpen} onClose={menu.close} onHelp={help.open} />
      </AppShell.Navbar>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            hiddenFrom="sm"
            size="sm"
            opened={isMenuOpen}
            onClick={menu.toggle}
            aria-label="Open the navigation"
          />
          <SearchButton />
          <ConnectionBadge />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1}>
        <ErrorBoundary key={location}>
          <Switch>
            {PAGES.map(({ path, component }) => (
              <Route key={path} path={path} component={component} />
            ))}
            <Route component={NotFound} />
          </Switch>
        </ErrorBoundary>
      </AppShell.Main>
      <CommandPalette onHelp={help.open} />
      <HelpDialog isOpen={help.isOpen} onClose={help.close} />
    </AppShell>
  );
}

interface SidebarProps {
  readonly isMenuOpen: boolean;
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

function Sidebar({ isMenuOpen, onClose, onHelp }: SidebarProps): ReactNode {
  return (
    <>
      <Group className={classes.brand} justify="space-between" wrap="nowrap">
        <Logo />
        <Burger
          hiddenFrom="sm"
          size="sm"
          opened={isMenuOpen}
          onClick={onClose}
          aria-label="Close the navigation"
        />
      </Group>
      <ScrollArea className={classes.pages}>
        <Navigation />
      </ScrollArea>
      <div className={classes.foot}>
        <ColorSchemeSwitch />
        <UnstyledButton className={classes.footButton} onClick={onHelp}>
          <IconKeyboard size={16} stroke={1.6} />
          <Text span size="xs">
            Shortcuts
          </Text>
          <kbd className={classes.kbd}>?</kbd>
        </UnstyledButton>
      </div>
    </>
  );
}

function SearchButton(): ReactNode {
  return (
    <UnstyledButton
      className={classes.search}
      onClick={spotlight.open}
      aria-label="Open the command palette"
    >
      <IconSearch size={15} stroke={1.8} />
      <span className={classes.searchText}>Search or jump to…</span>
      <kbd className={classes.kbd}>{MOD} K</kbd>
    </UnstyledButton>
  );
}

/** Each page names itself in the tab. */
function useTitle(location: string): void {
  useEffect(() => {
    const [first] = PAGES;
    const page = PAGES.find((each) => each !== first && location.startsWith(hrefOf(each)));
    document.title = `${(page ?? first)?.label ?? ""} · PyKV`;
  }, [location]);
}
