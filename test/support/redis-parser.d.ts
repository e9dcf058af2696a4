/** What the tests use of redis-parser, which has no types of its own. */
declare module "redis-parser" {
  interface Options {
    returnReply(reply: unknown): void;
    returnError(error: Error): void;
    returnFatalError?(error: Error): void;
    returnBuffers?: boolean;
    stringNumbers?: boolean;
  }
  export default class Parser {
    constructor(options: Options);
    execute(bytes: Buffer): void;
  }
}
