import { memoryStoreOn } from "../support/store-harness.ts";
import { conformance } from "./suite.ts";

conformance(memoryStoreOn, (store) => store.close());
