/**
 * A session store: sessions end by themselves when they are not used, and at once when the user logs
 * out. The server forgets them; nothing has to clean up.
 *
 *   npm run example -- sessions
 */
import { setTimeout as sleep } from "node:timers/promises";
import { PyKV } from "pykv/client";

interface Session {
  readonly user: string;
  readonly cart: readonly string[];
}

class Sessions {
  readonly #kv: PyKV;
  readonly #ttlSeconds: number;

  constructor(kv: PyKV, ttlSeconds: number) {
    this.#kv = kv;
    this.#ttlSeconds = ttlSeconds;
  }

  /** Returns the id, which belongs into a cookie. */
  async start(user: string): Promise<string> {
    const id = crypto.randomUUID();
    const session: Session = { user, cart: [] };
    // ifAbsent: should an id ever come twice, nobody gets into another's session.
    await this.#kv.set(id, session, { ttl: this.#ttlSeconds, ifAbsent: true });
    return id;
  }

  /** Each use lets the session live for the full time again. */
  async use(id: string): Promise<Session | undefined> {
    const session = await this.#kv.get<Session>(id);
    if (session !== undefined) await this.#kv.expire(id, this.#ttlSeconds);
    return session;
  }

  /** Changes a session without prolonging it: `update` leaves the ttl as it is. */
  async addToCart(id: string, item: string): Promise<void> {
    const session = await this.#kv.get<Session>(id);
    if (session === undefined) throw new Error("the session has ended");
    await this.#kv.update(id, { ...session, cart: [...session.cart, item] });
  }

  async end(id: string): Promise<void> {
    await this.#kv.delete(id);
  }
}

const kv = new PyKV({ url: process.env.PYKV_URL, namespace: "example:sessions" });
await kv.clear();
const sessions = new Sessions(kv, 30 * 60);

const ada = await sessions.start("ada");
await sessions.addToCart(ada, "tea");
await sessions.addToCart(ada, "cups");
const { user, cart } = (await sessions.use(ada))!;
console.log(`${user} is logged in, with ${cart.join(" and ")} in the cart`);

const grace = await sessions.start("grace");
await sessions.end(grace);
console.log(`grace has logged out: her session is ${await stateOf(grace)}`);

const { ttl } = (await kv.getWithMeta(ada))!;
console.log(`ada's session ends by itself, in ${Math.round(ttl! / 60)} minutes unless it is used`);
// Nobody wants to wait for that here: let it be a fifth of a second.
await kv.expire(ada, 0.2);
await sleep(250);
console.log(`after that it is ${await stateOf(ada)}, and ${await kv.size()} sessions are left`);

async function stateOf(id: string): Promise<string> {
  return (await sessions.use(id)) === undefined ? "gone" : "there";
}
