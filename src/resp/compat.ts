/**
 * What we say we are to clients that ask for a version of Redis, and switch what they do by it: the
 * one whose commands and replies ours are. What we are ourselves is `Door.version`.
 */
export const REDIS_VERSION = "7.2.0";
