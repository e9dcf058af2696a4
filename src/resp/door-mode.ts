/** Reasons for the dispatcher to look twice at every command; bits of `Door.mode`. */
export const DOOR_MODE = { monitored: 1, paused: 2 } as const;
