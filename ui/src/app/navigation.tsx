/** The list of pages. */
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import classes from "./navigation.module.css";
import { PAGES, hrefOf } from "./pages.tsx";

export function Navigation(): ReactNode {
  const [location] = useLocation();
  return (
    <ul className={classes.list}>
      {PAGES.map((page) => {
        const href = hrefOf(page);
        const isHere = href === "/" ? location === "/" : location.startsWith(href);
        return (
          <li key={href}>
            <Link href={href} className={classes.link} aria-current={isHere ? "page" : undefined}>
              <page.icon size={17} stroke={1.7} />
              {page.label}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
